"""How accounts stood on past days, worked by hand: three days, one customer, one line."""

from datetime import timedelta

import pytest
from django.db import connection

from ledger.balances import ledgers
from ledger.balances import queries as balances
from ledger.calendar import operations as calendar
from ledger.calendar.queries import business_date
from ledger.chart import queries as chart
from ledger.factories import LedgerAccountFactory, put_in, take_out
from ledger.journal import queries as journal
from ledger.journal.models import Entry
from ledger.money import kes
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def next_day():
    return calendar.roll(from_date=business_date(), actor=SYSTEM)


@pytest.fixture
def told():
    """Day 1: 100 in. Day 2: nothing. Day 3: 30 out. Day 4: 5 in."""
    first = business_date()
    account = LedgerAccountFactory(balance="100")
    next_day()
    next_day()
    take_out(account, "30")
    next_day()
    put_in(account, "5")
    return account, [first + timedelta(days=number) for number in range(4)]


class TestABalanceOnADay:
    def test_is_that_of_its_last_posting(self, told):
        account, days = told

        for line, stood in (
            (account, ["100", "100", "70", "75"]),
            (chart.line("1020"), ["100", "100", "70", "75"]),  # What came in is in the till.
            (chart.line("2050"), ["100", "100", "70", "75"]),  # The sum of its one customer.
        ):
            assert [balances.standing_of(line, on=day) for day in days] == list(map(kes, stood))
            assert balances.standing_of(line, on=days[0] - timedelta(days=1)) == kes(0)

    def test_ties_on_every_day(self, told):
        _account, days = told

        for day in days:
            [trial] = balances.trial_balance(day)
            assert trial.ties
            assert trial.debits == balances.standing_of(chart.line("1020"), on=day)

    def test_is_read_from_the_key_of_postings(self, told):
        _account, days = told
        statement = balances._TRIAL.format(last=balances.at_the_end_of(days[0]))

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}", {"on": days[0], "first_gl": 10**15})
            plan = "\n".join(row[0] for row in cursor.fetchall())

        assert "Index Scan Backward using ledger_posting_pkey" in plan


class TestALedger:
    @pytest.mark.parametrize("which", ["customer", "1020", "2050"])
    def test_leads_from_opening_to_closing(self, told, which):
        account, days = told
        line = account if which == "customer" else chart.line(which)

        found = ledgers.ledger_of(line, first=days[1], last=days[2])

        assert (found.opening, found.closing) == (kes("100"), kes("70"))
        assert found.ties
        assert [(row.amount, row.balance_after) for row in found.rows] == [(kes("30"), kes("70"))]
        assert found.rows[0].entry.business_date == days[2]

    def test_of_quiet_days_has_no_rows(self, told):
        account, days = told

        found = ledgers.ledger_of(account, first=days[1], last=days[1])

        assert found.rows == []
        assert found.opening == found.closing == kes("100")


class TestNumbersOfDays:
    def test_part_the_entries_by_their_business_date(self, told):
        _account, days = told

        for day in [days[0] - timedelta(days=1), *days, days[-1] + timedelta(days=1)]:
            lowest, highest = journal.numbers_of(day, day)
            by_number = set(Entry.objects.filter(pk__range=(lowest, highest)))
            assert by_number == set(Entry.objects.filter(business_date=day)), day

    def test_of_an_empty_bank_hold_nothing(self):
        lowest, highest = journal.numbers_of(business_date(), business_date())

        assert highest < lowest
