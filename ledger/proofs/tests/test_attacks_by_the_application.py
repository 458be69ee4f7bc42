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
}
TRAIL = "ledger_auditentry"
OUT_OF_RANGE = "22003"
INSIDE = [
    "ledger_write_lines(1, current_date, '{1}', '{CREDIT}', '{5}', '{KES}', true)",
    "ledger_tell(1, 'x', '[]', '[]')",
    "ledger_take_counts('[]')",
    "ledger_give_back_counts('[]')",
    "ledger_refuse_line(1, 'DEBIT', 1, 'KES')",
    "ledger_refuse_unbalanced(1, ARRAY['DEBIT'], ARRAY[1], ARRAY['KES'])",
    "ledger_known_entry('x', 'x', null, 'x', null, '', '{}', '{}', '{}', '{}')",
    "ledger_lock_open_account(1)",
    "ledger_check_terms('KES', 1, 0)",
    "ledger_open_line('9999', 'x', 'ASSET', 'DEBIT', 'KES', '001', false, current_date)",
    "ledger_day_lock()",
]
POST = (
    "SELECT ledger_post('attacker', gen_random_uuid()::text, 'X', NULL, now(), 'x', '', '', '001', "
    "'', %s::bigint[], %s::text[], %s::numeric[], %s::text[], %s::jsonb, NULL, NULL)"
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
            terms = ("SELECT ledger_set_terms(%s, %s, %s)", [account.pk, maximum, overdraft])
            assert attack(terms) in {"WK103", OUT_OF_RANGE}, (maximum, overdraft)
        for maximum in ("NaN", "-1", "0", "Infinity", "0.001"):
            opening = "SELECT ledger_open_account('2050', 'x', 'x', 'KES', '001', %s)"
            assert attack((opening, [maximum])) in {"WK103", OUT_OF_RANGE}, maximum

    def test_refuse_to_work_on_the_banks_own_lines(self, attack):
        till, control = chart.line("1020").pk, chart.line("2050").pk
        for line in (till, control):
            assert attack(f"SELECT ledger_freeze({line}, true, true, 'x')") == "WK006"
            assert attack(f"SELECT ledger_set_terms({line}, NULL, 5)") == "WK006"
            assert attack(f"SELECT ledger_close_account({line})") == "WK006"
        opening = "SELECT ledger_open_account('1020', 'x', 'x', 'KES', '001', NULL)"
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
