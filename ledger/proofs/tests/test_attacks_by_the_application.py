"""
The attacks of reliability R11 by whoever has taken over the application's connection: its role may
read the books and call the ledger's functions, and each road beside them is closed.
"""

import json

import pytest

from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.tests.sql import NOT_ALLOWED, refusal, rows

pytestmark = pytest.mark.django_db(transaction=True)
BOOKS = {
    "ledger_currency": "name = 'x'",
    "ledger_ledgeraccount": "freeze_reason = ''",
    "ledger_balance": "balance = balance + 1000000",
    "ledger_counter": "used = 0",
    "ledger_entry": "memo = 'x'",
    "ledger_posting": "amount = amount * 2",
    "ledger_businessday": "business_date = business_date - 1",
    "ledger_bankfact": "is_demo = true",
    "ledger_hold": "amount = 0.01",
    "ledger_batch": "posted = 0",
    "ledger_seal": "hash = 'x'",
    "ledger_dailybalance": "balance = 0",
    "ledger_period": "is_closed = false",
    "ledger_financialyear": "result = 0",
}
TRAIL = "ledger_auditentry"
OUT_OF_RANGE = "22003"
INSIDE = [
    "ledger_write_lines(1, current_date, '{1}', '{CREDIT}', '{5}', '{KES}', true, true)",
    "ledger_tell(1, 'x', '[]', '[]')",
    "ledger_take_counts('[]')",
    "ledger_give_back_counts('[]')",
    "ledger_refuse_line(1, 'DEBIT', 1, 'KES')",
    "ledger_refuse_unbalanced(1, ARRAY['DEBIT'], ARRAY[1], ARRAY['KES'])",
    "ledger_known_entry('x', 'x', null, 'x', null, '', null, '{}', '{}', '{}', '{}')",
    "ledger_lock_open_account(1)",
    "ledger_check_terms('KES', 1, 0, 0)",
    "ledger_open_line('9999', 'x', 'ASSET', 'DEBIT', 'KES', '001', false, current_date)",
    "ledger_day_lock()",
    "ledger_available(NULL)",
    "ledger_hold_take(1, false, current_date, now(), 'x', '{}', '{}', '{}')",
    "ledger_hold_lower(1, 5)",
    "ledger_tell_of('x', 'x', 1, 'x', NULL, NULL)",
    "ledger_batch_refusal(1, 2, 5, 'KES', 1, 1)",
    "ledger_month_of('ledger_dailybalance', current_date)",
    "ledger_write_seal(NULL)",
    "ledger_capitalise('x', 'x', 'X', now(), 'x', '', 1, 2, 'KES', '{1}', '{5}', '{0}')",
    "ledger_alone_with_the_day()",
    "ledger_check_period(current_date, NULL)",
    "ledger_income_read('[]')",
    "ledger_keep_period(current_date, false, 1)",
    "ledger_post_year_end(2026, 'x', '{1}', '{5}', now(), 'x')",
]
POST = (
    "SELECT ledger_post('attacker', gen_random_uuid()::text, 'X', NULL, now(), 'x', '', '', '001', "
    "'', %s::bigint[], %s::text[], %s::numeric[], %s::text[], %s::jsonb, NULL, NULL, NULL,"
    " false, false)"
)


@pytest.fixture
def attack(bank_database):
    """Runs statements as the application role; gives the SQLSTATE of what was refused."""
    return lambda *statements: refusal(bank_database["app"], *statements)


class TestTheTablesOfTheBooks:
    @pytest.mark.proves("LG05", "LG17", "LG21")
    @pytest.mark.parametrize("table", BOOKS)
    def test_can_be_read_and_never_written(self, attack, table):
        assert attack(f"SELECT count(*) FROM {table}") == ""
        assert attack(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1") == NOT_ALLOWED
        assert attack(f"UPDATE {table} SET {BOOKS[table]}") == NOT_ALLOWED
        assert attack(f"DELETE FROM {table}") == NOT_ALLOWED
        assert attack(f"TRUNCATE {table} CASCADE") == NOT_ALLOWED

    @pytest.mark.parametrize("table", BOOKS)
    def test_cannot_be_locked_so_that_nobody_decides_outside_the_functions(self, attack, table):
        for strength in ("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"):
            assert attack(f"SELECT 1 FROM {table} FOR {strength}") == NOT_ALLOWED
        assert attack(f"LOCK TABLE {table} IN EXCLUSIVE MODE") == NOT_ALLOWED

    @pytest.mark.parametrize("table", [*BOOKS, TRAIL])
    def test_cannot_be_changed_dropped_or_given_away(self, attack, table):
        for statement in (
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"ALTER TABLE {table} ADD COLUMN x int",
            f"ALTER TABLE {table} OWNER TO current_user",
            f"ALTER TABLE {table} RENAME TO gone",
            f"DROP TABLE {table} CASCADE",
            f"CREATE INDEX ON {table} ((1))",
            f"CREATE RULE x AS ON INSERT TO {table} DO INSTEAD NOTHING",
            f"CREATE TRIGGER x BEFORE INSERT ON {table} EXECUTE FUNCTION ledger_is_append_only()",
        ):
            assert attack(statement) == NOT_ALLOWED, statement
        # GRANT without the right to is a warning in SQL, and grants nothing.
        attack(f"GRANT ALL ON {table} TO current_user")
        assert (
            attack(f"GRANT ALL ON {table} TO current_user", f"DELETE FROM {table}") == NOT_ALLOWED
        )

    def test_keep_their_checks(self, attack):
        for table, constraint in (
            ("ledger_balance", "ledger_balance_is_within_its_funds"),
            ("ledger_entry", "ledger_entry_is_reversed_once"),
        ):
            assert attack(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}") == NOT_ALLOWED


class TestTheAuditTrail:
    @pytest.mark.proves("LG05", "LG17")
    def test_grows_and_never_changes(self, attack):
        add = (
            f"INSERT INTO {TRAIL} (actor, deed, subject, detail, recorded_at) "
            "VALUES ('x', 'x', 'x', '{}', now())"
        )
        assert attack(add) == ""
        assert attack(add, f"UPDATE {TRAIL} SET actor = 'somebody else'") == NOT_ALLOWED
        assert attack(add, f"DELETE FROM {TRAIL}") == NOT_ALLOWED
        assert attack(f"TRUNCATE {TRAIL}") == NOT_ALLOWED


class TestTheFunctionsInside:
    @pytest.mark.parametrize("call", INSIDE, ids=lambda call: call.partition("(")[0])
    def test_cannot_be_called(self, attack, call):
        assert attack(f"SELECT {call}") == NOT_ALLOWED

    def test_are_all_of_them(self, bank_database):
        known = {call.partition("(")[0] for call in INSIDE}
        found = rows(
            bank_database["owner"],
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND proname LIKE 'ledger%%' AND prorettype <> 'trigger'::regtype "
            "AND NOT has_function_privilege(%s, oid, 'EXECUTE')",
            [rows(bank_database["app"], "SELECT current_user")[0][0]],
        )

        assert {name for (name,) in found} == known

    @pytest.mark.parametrize(
        "sequence",
        ["ledger_entry_id_seq", "ledger_customer_account_id", "ledger_gl_account_id"],
    )
    def test_alone_draw_the_numbers_of_the_books(self, attack, sequence):
        assert attack(f"SELECT nextval('{sequence}')") == NOT_ALLOWED
        assert attack(f"SELECT setval('{sequence}', 1)") == NOT_ALLOWED
        assert attack(f"ALTER SEQUENCE {sequence} RESTART") == NOT_ALLOWED


class TestThePeriods:
    """Whoever has the connection has the functions, but no second person."""

    NO_APPROVAL = "WK111"

    def test_cannot_be_opened_or_closed_without_two(self, attack, bank_database):
        [(first, open_from, is_over)] = rows(
            bank_database["owner"],
            "SELECT date_trunc('month', open_from)::date, open_from,"
            " date_trunc('month', open_from) < date_trunc('month', business_date)"
            " FROM ledger_businessday",
        )
        roll = "SELECT ledger_roll_business_date(business_date) FROM ledger_businessday"
        close = ("SELECT ledger_close_period(%s, 1)", [first])

        # Not over yet (unless other tests lived on), and already open: refused for what it is.
        assert attack(close) == (self.NO_APPROVAL if is_over else "WK040")
        assert attack(("SELECT ledger_reopen_period(%s, 1)", [first])) == "WK045"
        # Even when it is over, nobody asked for it and nobody agreed.
        if first.month != 12:
            assert attack(*[roll] * 32, close) in {self.NO_APPROVAL, "23503"}
        assert rows(bank_database["app"], "SELECT open_from FROM ledger_businessday") == [
            (open_from,)
        ]

    def test_cannot_be_moved_by_an_approval_of_something_else(self, attack, bank_database):
        sql = "SELECT extract(month FROM open_from) FROM ledger_businessday"
        [(month,)] = rows(bank_database["owner"], sql)
        expected = self.NO_APPROVAL if month < 12 else ""  # December asks for its year first.
        asked = (
            "INSERT INTO ledger_approval (public_id, deed, subject, payload, changes, impact, "
            "reason, branch, about, to_check, digest, state, maker, maker_person, made_at, "
            "expires_at, checker, checker_person, note) VALUES (gen_random_uuid(), "
            "'vouchers.post', '', '{}', '[]', '', 'x', '', '[]', 'x', 'x', 'PENDING', 'x', 'x', "
            "now(), now(), '', '', '')"
        )
        close = (
            "SELECT ledger_close_period(date_trunc('month', open_from)::date, "
            "(SELECT max(id) FROM ledger_approval)) FROM ledger_businessday "
            "WHERE extract(month FROM open_from) < 12"
        )
        roll = "SELECT ledger_roll_business_date(business_date) FROM ledger_businessday"

        assert attack(asked, *[roll] * 32, close) == expected


class TestTheRole:
    @pytest.mark.parametrize(
        "statement",
        [
            "SET session_replication_role = replica",
            "SET ROLE wekeza_owner",
            "SET SESSION AUTHORIZATION wekeza_owner",
            "ALTER ROLE current_user SUPERUSER",
            "CREATE ROLE thief SUPERUSER",
            "GRANT wekeza_owner TO current_user",
            "CREATE SCHEMA evil",
            "CREATE TABLE evil (x int)",
            "CREATE TEMP TABLE ledger_balance (account_id bigint)",
            "CREATE VIEW evil AS SELECT 1",
            "CREATE FUNCTION evil() RETURNS int LANGUAGE sql RETURN 1",
            "CREATE FUNCTION pg_temp.evil() RETURNS int LANGUAGE sql RETURN 1",
            "CREATE OPERATOR public.+ (FUNCTION = int4mi, LEFTARG = int, RIGHTARG = int)",
            "CREATE TYPE evil AS (x int)",
            "CREATE EXTENSION pg_buffercache",
            "CREATE EVENT TRIGGER x ON ddl_command_start EXECUTE FUNCTION ledger_is_append_only()",
            "CREATE OR REPLACE FUNCTION ledger_day_lock() RETURNS bigint LANGUAGE sql RETURN 1",
            "ALTER FUNCTION ledger_post SECURITY INVOKER",
            "ALTER FUNCTION ledger_post SET search_path = evil",
            "DROP FUNCTION ledger_is_append_only CASCADE",
            "COPY ledger_posting TO PROGRAM 'cat'",
            "COPY ledger_posting TO '/tmp/books'",
            "COPY ledger_entry FROM PROGRAM 'id'",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT lo_import('/etc/passwd')",
            "SELECT * FROM pg_authid",
            "DELETE FROM django_migrations",
        ],
    )
    def test_can_do_nothing_that_an_attacker_would_need(self, attack, statement):
        assert attack(statement) == NOT_ALLOWED

    def test_cannot_borrow_rights_from_a_code_block(self, attack):
        assert attack("DO $$ BEGIN DELETE FROM public.ledger_entry; END $$") == NOT_ALLOWED


class TestThePublicFunctions:
    """What the application may call holds by itself, whatever it is handed."""

    @pytest.fixture
    def account(self):
        return LedgerAccountFactory(balance="100")

    def post(self, attack, accounts, sides, amounts, currencies=None, counts=None):
        currencies = currencies or ["KES"] * len(accounts)
        return attack((POST, [accounts, sides, amounts, currencies, counts]))

    def test_refuse_entries_that_are_none(self, attack, account):
        till, mine = chart.line("1020").pk, account.pk
        both = [mine, till]

        assert self.post(attack, both, ["CREDIT", "DEBIT"], [5, 5]) == ""
        assert self.post(attack, both, ["CREDIT", "DEBIT"], [5, 4]) == "WK101"
        assert self.post(attack, both, ["CREDIT", "CREDIT"], [5, 5]) == "WK101"
        assert self.post(attack, [mine], ["CREDIT"], [5]) == "WK101"
        assert self.post(attack, [], [], []) == "WK102"
        assert self.post(attack, [mine, mine], ["CREDIT", "DEBIT"], [0, 0]) == "WK103"

    @pytest.mark.parametrize(
        "amount", ["NaN", "Infinity", "-Infinity", "-5", "0", "0.001", "5.0001"]
    )
    def test_refuse_amounts_that_are_none(self, attack, account, amount):
        both = [account.pk, chart.line("1020").pk]

        for sides in (["CREDIT", "DEBIT"], ["DEBIT", "CREDIT"]):
            assert self.post(attack, both, sides, [amount] * 2) in {"WK103", OUT_OF_RANGE}

    def test_refuse_arrays_that_do_not_fit_together(self, attack, account):
        both = [account.pk, chart.line("1020").pk]

        assert self.post(attack, both, ["CREDIT"], [5, 5]) == "WK103"
        assert self.post(attack, both, ["CREDIT", "DEBIT"], [5]) == "WK103"
        assert self.post(attack, both, ["CREDIT", "DEBIT"], [5, 5], ["KES"]) == "WK103"
        assert self.post(attack, [both, both], [["CREDIT", "DEBIT"]] * 2, [[5, 5]] * 2) != ""
        assert self.post(attack, None, ["CREDIT"], [5], ["KES"]) != ""

    def test_refuse_another_currency_and_a_currency_that_is_none(self, attack, account):
        both = [account.pk, chart.line("1020").pk]

        assert self.post(attack, both, ["CREDIT", "DEBIT"], [5, 5], ["USD", "USD"]) == "WK103"
        assert self.post(attack, both, ["CREDIT", "DEBIT"], [5, 5], ["XXX", "XXX"]) == "WK103"

    def test_refuse_more_than_the_books_can_carry(self, attack, account):
        both = [account.pk, chart.line("1020").pk]

        assert self.post(attack, both, ["CREDIT", "DEBIT"], ["1" + "0" * 16] * 2) == OUT_OF_RANGE

    def test_refuse_to_hand_limits_back_without_a_reversal(self, attack, account):
        both = [account.pk, chart.line("1020").pk]
        for amount in ("-1000", "NaN", "Infinity"):
            count = {"owner_ref": "x", "kind": "D", "period_start": "2026-11-21", "amount": amount}
            counts = json.dumps([count])
            refused = self.post(attack, both, ["CREDIT", "DEBIT"], [5, 5], counts=counts)
            assert refused in {"23514", OUT_OF_RANGE}

    def test_refuse_terms_that_are_none(self, attack, account):
        for maximum, overdraft in [
            ("NaN", "0"), ("-1", "0"), ("0", "0"), ("Infinity", "0"), (None, "NaN"), (None, "-1"),
            (None, "Infinity"), ("0.001", "0"), (None, "0.001"),
        ]:  # fmt: skip
            terms = ("SELECT ledger_set_terms(%s, %s, %s, 0)", [account.pk, maximum, overdraft])
            assert attack(terms) in {"WK103", OUT_OF_RANGE}, (maximum, overdraft)
        for maximum in ("NaN", "-1", "0", "Infinity", "0.001"):
            opening = "SELECT ledger_open_account('2050', 'x', 'x', 'KES', '001', %s, 0)"
            assert attack((opening, [maximum])) in {"WK103", OUT_OF_RANGE}, maximum
        for minimum in ("NaN", "-1", "Infinity", "0.001", None):
            terms = ("SELECT ledger_set_terms(%s, NULL, 0, %s)", [account.pk, minimum])
            assert attack(terms) in {"WK103", OUT_OF_RANGE}, minimum

    @pytest.mark.parametrize("amount", ["0", "-5", "NaN", "Infinity", "0.001", None])
    def test_hold_nothing_and_less_for_nobody(self, attack, account, amount):
        place = (
            "SELECT ledger_hold_place('attacker', 'x', %s, 'CARD', %s, 'KES', 'x', NULL, now(),"
            " 'x', '', NULL, NULL)"
        )
        assert attack((place, [account.pk, amount])) in {"WK103", OUT_OF_RANGE}
        assert attack((place, [chart.line("1020").pk, "5"])) in {"WK003", "WK103"}

    @pytest.mark.parametrize("amount", ["0", "-5", "NaN", "Infinity", "0.001", None])
    def test_write_no_batch_with_a_line_that_is_none(self, attack, account, amount):
        batch = (
            "SELECT ledger_post_batch('attacker', 'x', 'X', NULL, now(), 'x', '', '001', 'KES', %s,"
            " %s, %s::numeric[], ARRAY['m', 'm'], ARRAY['r', 'r'], NULL, true, NULL, NULL)"
        )
        till = chart.line("1020").pk
        facts = [[till, till], [account.pk] * 2, ["5", amount]]
        assert attack((batch, facts)) in {"WK103", OUT_OF_RANGE}
        assert attack((batch, [[till, till], [account.pk] * 3, ["5", "5"]])) == "WK103"

    def test_refuse_to_work_on_the_banks_own_lines(self, attack):
        till, control = chart.line("1020").pk, chart.line("2050").pk
        for line in (till, control):
            assert attack(f"SELECT ledger_freeze({line}, true, true, 'x')") == "WK006"
            assert attack(f"SELECT ledger_set_terms({line}, NULL, 5, 0)") == "WK006"
            assert attack(f"SELECT ledger_close_account({line})") == "WK006"
        opening = "SELECT ledger_open_account('1020', 'x', 'x', 'KES', '001', NULL, 0)"
        assert attack(opening) == "WK103"

    @pytest.mark.parametrize("schema", ["pg_temp", "scratch"])
    def test_never_read_a_table_of_the_caller(self, bank_database, account, schema):
        """
        The attack that moved balances with no posting: tables of ours, shadowed by the caller's.
        The application cannot make any; here a role that can does, and finds them ignored.
        """
        both = [account.pk, chart.line("1020").pk]
        facts = [both, ["DEBIT", "CREDIT"], [101, 101], ["KES", "KES"], None]
        name = rows(bank_database["owner"], "SELECT current_database()")[0][0]

        refused = refusal(
            bank_database["owner"],
            f'GRANT TEMP ON DATABASE "{name}" TO current_user',
            "CREATE SCHEMA scratch",
            *(f"CREATE TABLE {schema}.{table} (LIKE public.{table})" for table in BOOKS),
            f"SET search_path = {schema}, public",
            (POST, facts),
        )

        assert refused == "WK003"


class TestAfterAllAttacks:
    @pytest.mark.proves("LG21")
    def test_the_books_stand_as_before(self, attack):
        account = LedgerAccountFactory(balance="100")
        before = Entry.objects.count()
        for table, change in BOOKS.items():
            attack(f"UPDATE {table} SET {change}")
            attack(f"DELETE FROM {table}")

        assert Entry.objects.count() == before
        assert Balance.objects.get(account=account).balance == 100
        put_in(account, "1")
        assert account.money == kes(101)
