"""
The second fence: raw SQL of the owner role, which made the tables and may write them. Triggers that
are always on still refuse what would break the books; what they cannot see, the proofs do
(test_proofs_go_red).
"""

import json
import re

import pytest

from ledger.chart import queries as chart
from ledger.factories import LedgerAccountFactory, put_in, undo
from ledger.tests.sql import open_line, refusal, rows

pytestmark = pytest.mark.django_db(transaction=True)
APPEND_ONLY, UNBALANCED, NOT_WHOLE, NOT_SOUND = "WK100", "WK101", "WK102", "WK103"
CHECK, DUPLICATE, NOT_ALLOWED = "23514", "23505", "42501"
OWNERS_ROADS = ["", "SET session_replication_role = replica"]

# An entry of two legs that the owner writes by hand, and its postings.
ENTRY = (
    "INSERT INTO ledger_entry (id, owner, reference, kind, receipt_no, business_date, "
    "value_date, at, recorded_at, actor, memo, source, branch, legs, reverses_id) "
    "OVERRIDING SYSTEM VALUE SELECT %(entry)s, 'owner', 'raw:' || %(entry)s, 'RAW', '', "
    "d.business_date, d.business_date, now(), now(), 'x', '', '', '001', %(legs)s, %(reverses)s "
    "FROM ledger_businessday d"
)
POSTINGS = (
    "INSERT INTO ledger_posting (account_id, shard, sequence, entry_id, line, side, amount, "
    "currency, balance_after, business_date) "
    "SELECT account, 0, seq, entry, line, side, amount, currency, 0, d.business_date + days "
    "FROM ledger_businessday d, jsonb_to_recordset(%(rows)s::jsonb) AS r(account bigint, "
    "seq bigint, entry bigint, line int, side text, amount numeric, currency text, days int)"
)


@pytest.fixture
def attack(bank_database):
    """Runs statements as the owner role; gives the SQLSTATE of what was refused."""
    return lambda *statements: refusal(bank_database["owner"], *statements)


@pytest.fixture
def account():
    return LedgerAccountFactory(balance="100")


def entry(number=-1, *, legs=2, reverses=None):
    return ENTRY, {"entry": number, "legs": legs, "reverses": reverses}


def postings(*legs):
    """One INSERT of legs, each a dict over the usual figures of a leg."""
    usual = {"entry": -1, "line": 1, "side": "DEBIT", "amount": "5", "currency": "KES", "days": 0}
    numbered = [
        usual | {"line": place, "seq": 10**9 + place} | leg for place, leg in enumerate(legs, 1)
    ]
    return POSTINGS, {"rows": json.dumps(numbered)}


def pair(account, **change):
    """The two legs of an entry that is sound but for the change in its second."""
    return postings(
        {"account": account.pk}, {"account": chart.line("1020").pk, "side": "CREDIT"} | change
    )


class TestWhatIsWritten:
    @pytest.mark.proves("LG05", "LG17", "LG21")
    @pytest.mark.parametrize("road", OWNERS_ROADS, ids=["plainly", "as a replica"])
    @pytest.mark.parametrize("table", ["ledger_posting", "ledger_entry", "ledger_auditentry"])
    def test_never_changes(self, attack, table, road):
        change = {"ledger_auditentry": "actor = 'x'"}.get(table, "business_date = '2020-01-01'")
        for statement in (
            f"UPDATE {table} SET {change}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            refused = attack(*filter(None, [road, statement]))
            assert refused == (NOT_ALLOWED if road else APPEND_ONLY)

    @pytest.mark.parametrize("table", ["ledger_ledgeraccount", "ledger_balance", "ledger_counter"])
    def test_cannot_be_thrown_away(self, attack, table):
        assert attack(f"DELETE FROM {table}") == APPEND_ONLY
        assert attack(f"TRUNCATE {table} CASCADE") == APPEND_ONLY

    def test_is_not_rewritten_by_an_insert_that_updates(self, attack):
        upsert = (
            "INSERT INTO ledger_posting SELECT * FROM ledger_posting LIMIT 1 ON CONFLICT "
            "(account_id, shard, business_date, sequence) DO UPDATE SET amount = 1"
        )
        assert attack(upsert) == APPEND_ONLY

    def test_is_not_merged_away(self, attack):
        merge = (
            "MERGE INTO ledger_posting p USING ledger_entry e ON p.entry_id = e.id "
            "WHEN MATCHED THEN DELETE"
        )
        assert attack(merge) == APPEND_ONLY

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_posting SET amount = 1",
            "DELETE FROM ledger_entry",
            "TRUNCATE ledger_posting",
            "DELETE FROM ledger_auditentry",
        ],
    )
    def test_does_not_change_for_a_superuser_who_plays_a_replica(
        self, test_cluster, bank_database, statement
    ):
        if not test_cluster.is_embedded:
            pytest.skip("the superuser of this database is not ours")
        url = re.sub("//[^@]*@", "//postgres@", bank_database["owner"])

        assert refusal(url, "SET session_replication_role = replica", statement) == APPEND_ONLY


class TestAnEntryByHand:
    def test_that_is_sound_is_taken_so_that_the_refusals_below_are_about_their_fault(
        self, attack, account
    ):
        assert attack(entry(), pair(account)) == ""

    @pytest.mark.proves("LG04")
    def test_that_does_not_balance_is_refused(self, attack, account):
        assert attack(entry(), pair(account, amount="4")) == UNBALANCED
        assert attack(entry(), pair(account, side="DEBIT")) == UNBALANCED

    def test_with_one_leg_or_none_is_refused(self, attack, account):
        assert attack(entry()) == NOT_WHOLE
        assert attack(entry(legs=1), postings({"account": account.pk})) == UNBALANCED
        assert attack(entry(legs=0)) == NOT_WHOLE

    def test_that_arrives_leg_by_leg_is_refused(self, attack, account):
        till = chart.line("1020").pk
        first = postings({"account": account.pk})
        second = postings({"account": till, "line": 2, "side": "CREDIT"})

        assert attack(entry(), first, second) == UNBALANCED

    def test_takes_no_late_legs_even_balanced_and_in_its_own_transaction(self, attack, account):
        till = chart.line("1020").pk
        late = [
            {"account": account.pk, "seq": 2 * 10**9, "line": 3},
            {"account": till, "seq": 2 * 10**9, "line": 4, "side": "CREDIT"},
        ]
        same_places = [late[0] | {"line": 1}, late[1] | {"line": 2}]

        assert attack(entry(), pair(account), postings(*late)) == NOT_WHOLE
        assert attack(entry(), pair(account), postings(*same_places)) == DUPLICATE
        assert attack(entry(), pair(account), postings(late[0])) == UNBALANCED
        assert attack(entry(legs=4), pair(account), postings(*late)) == NOT_WHOLE

    def test_of_the_past_takes_no_legs(self, attack, account):
        posted = put_in(account, "5")
        till = chart.line("1020").pk
        for places in ((1, 2), (3, 4)):
            late = postings(
                {"account": account.pk, "entry": posted.entry_id, "line": places[0]},
                {"account": till, "entry": posted.entry_id, "line": places[1], "side": "CREDIT"},
            )
            assert attack(late) in {DUPLICATE, NOT_WHOLE}

    def test_that_is_not_there_takes_no_legs(self, attack, account):
        assert attack(pair(account)) == NOT_WHOLE

    def test_that_hides_a_fault_behind_another_entry_is_refused(self, attack, account):
        till = chart.line("1020").pk
        two_halves = postings(
            {"account": account.pk, "entry": -1}, {"account": account.pk, "entry": -2, "line": 1},
            {"account": till, "entry": -1, "line": 2, "side": "CREDIT", "amount": "6"},
            {"account": till, "entry": -2, "line": 2, "side": "CREDIT", "amount": "4"},
        )  # fmt: skip

        assert attack(entry(-1), entry(-2), two_halves) == UNBALANCED

    @pytest.mark.parametrize("amount", ["NaN", "0", "-5", "0.001", "5.0001"])
    def test_of_amounts_that_are_none_is_refused(self, attack, account, amount):
        till = chart.line("1020").pk
        legs = postings(
            {"account": account.pk, "amount": amount},
            {"account": till, "amount": amount, "side": "CREDIT"},
        )
        assert attack(entry(), legs) in {UNBALANCED, NOT_SOUND}

    def test_of_endless_amounts_is_refused(self, attack, account):
        assert attack(entry(), pair(account, amount="Infinity")) == "22003"

    def test_on_another_currency_side_or_date_is_refused(self, attack, account, bank_database):
        till = chart.line("1020").pk
        dollars = [
            {"account": account.pk, "currency": "USD"},
            {"account": till, "currency": "USD", "side": "CREDIT"},
        ]
        assert attack(entry(), postings(*dollars)) == NOT_SOUND
        assert attack(entry(), pair(account, days=1)) == NOT_SOUND
        assert attack(entry(), pair(account, side="RIGHT", amount="-5")) != ""
        assert attack(entry(), pair(account, currency="USD")) == UNBALANCED

    def test_on_a_control_line_or_on_nothing_is_refused(self, attack, account):
        for nobody in (chart.line("2050").pk, 123456789):
            legs = postings({"account": account.pk}, {"account": nobody, "side": "CREDIT"})
            assert attack(entry(), legs) == NOT_SOUND

    def test_in_a_coin_that_its_currency_has_not_is_refused(self, attack, bank_database):
        for code in ("1140.UGX", "1710.UGX"):
            open_line(
                bank_database["owner"], code, kind="ASSET", side="DEBIT", currency="UGX",
                is_control=False,
            )  # fmt: skip
        ids = dict(rows(bank_database["owner"], "SELECT code, id FROM ledger_ledgeraccount"))

        def legs(amount):
            return postings(
                {"account": ids["1140.UGX"], "currency": "UGX", "amount": amount},
                {"account": ids["1710.UGX"], "currency": "UGX", "amount": amount, "side": "CREDIT"},
            )

        assert attack(entry(), legs("5")) == ""
        assert attack(entry(), legs("5.5")) == NOT_SOUND

    def test_that_reverses_a_second_time_is_refused(self, attack, account):
        posted = put_in(account, "5")
        undo(posted.entry_id)

        again = entry(reverses=posted.entry_id)
        assert attack(again, pair(account)) == DUPLICATE

    def test_that_takes_a_used_reference_is_refused(self, attack, account):
        posted = put_in(account, "5")
        copy = (
            "INSERT INTO ledger_entry OVERRIDING SYSTEM VALUE SELECT (json_populate_record(e, "
            "'{\"id\": -1}')).* FROM ledger_entry e WHERE id = %s"
        )
        assert attack((copy, [posted.entry_id])) == DUPLICATE


class TestABalanceByHand:
    def test_never_goes_below_its_floor(self, attack, account):
        change = "UPDATE ledger_balance SET balance = %s WHERE account_id = %s"
        assert attack((change, ["-0.01", account.pk])) == CHECK

    def test_cannot_lose_its_floor_silently(self, attack, account):
        raised = "UPDATE ledger_balance SET held = 200, floor = 200 WHERE account_id = %s"
        assert attack((raised, [account.pk])) == CHECK

    def test_of_a_limit_is_never_negative_or_endless(self, attack):
        add = "INSERT INTO ledger_counter VALUES ('x', 'D', '2026-11-21', %s)"
        assert attack((add, ["-1"])) == CHECK
        assert attack((add, ["NaN"])) == CHECK

    def test_has_an_account_of_the_books(self, attack):
        add = (
            "INSERT INTO ledger_balance (account_id, shard, currency, exponent, normal_side) "
            "VALUES (123456789, 0, 'KES', 2, 'DEBIT')"
        )
        assert attack(add) == "23503"
