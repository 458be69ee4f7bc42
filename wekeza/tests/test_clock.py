"""
The clock (G18): an application's clock that is wrong or goes back dates nothing in the books; leap
days, year ends, holidays and midnight in Nairobi are days like others; tokens bear a minute between
two clocks.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
import time_machine
from django.utils import timezone

from accounts.factories import CustomerFactory, SavingsAccountFactory
from accounts.savings.models import InterestAccrual, InterestPayment
from branch.close_of_business import operations as close
from branch.close_of_business.models import CloseRun
from branch.close_of_business.states import RunState
from ledger.calendar import queries as calendar
from ledger.factories import LedgerAccountFactory, put_in, send
from ledger.journal.models import Entry, Posting
from ledger.proofs import queries as proofs
from payments.factories import TransferFactory
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program

# A clock a day and more ahead, as far behind, set back two hours, and right.
WRONG_BY = [timedelta(hours=hours) for hours in (26, -26, 0, -2, 1, -27, 26)]


def days(first, *more):
    return [first, *(first + timedelta(days=number) for number in more)]


@pytest.mark.django_db
class TestAWrongClock:
    def test_dates_no_entry_and_orders_none(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
        day, now = calendar.business_date(), timezone.now()

        ids = [send(payer, payee, "10", at=now + wrong).entry_id for wrong in WRONG_BY]

        assert ids == sorted(ids)
        entries = Entry.objects.filter(pk__in=ids)
        assert {(entry.business_date, entry.value_date) for entry in entries} == {(day, day)}
        received = Posting.objects.filter(account=payee).order_by("sequence")
        assert [row.entry_id for row in received] == ids
        assert [row.sequence for row in received] == list(range(1, len(ids) + 1))
        assert [row.balance_after for row in received] == [10 * n for n in range(1, len(ids) + 1)]
        assert calendar.business_date() == day
        assert not [proof.name for proof in proofs.prove() if not proof.holds]

    def test_of_whoever_pays_moves_no_business_date_and_each_payment_once(self):
        now, day, numbers = timezone.now(), calendar.business_date(), []
        for wrong in WRONG_BY:
            with time_machine.travel(now + wrong, tick=True):
                numbers.append(TransferFactory(amount="10"))

        assert {one.entry.business_date for one in numbers} == {day}
        assert len({one.receipt_no for one in numbers}) == len(WRONG_BY)
        serials = [one.entry_id for one in numbers]
        assert serials == sorted(serials)

    def test_of_the_night_closes_no_date_before_its_end(self):
        day = calendar.business_date()

        for wrong in (timedelta(hours=-26), timedelta(hours=-2), timedelta(0)):
            close.follow_the_clock(at=calendar.ends_at(day) + wrong, actor=SYSTEM)

        assert calendar.business_date() == day

    def test_of_the_night_that_ran_ahead_and_is_right_again_closes_nothing_twice(self):
        SavingsAccountFactory(balance="100000")
        day = calendar.business_date()
        ahead = calendar.ends_at(day) + timedelta(minutes=3)
        close.follow_the_clock(at=ahead, actor=SYSTEM)
        before = proofs.digest()

        for wrong in (timedelta(hours=-26), timedelta(hours=-2), timedelta(0)):
            close.follow_the_clock(at=ahead + wrong, actor=SYSTEM)

        assert calendar.business_date() == day + timedelta(days=1)
        assert proofs.digest() == before
        assert CloseRun.objects.filter(business_date=day, state=RunState.DONE).count() == 1
        # Who pays while the clock is back again is booked on the open date, not on its own.
        entry = Entry.objects.get(pk=put_in(LedgerAccountFactory(), "5", at=ahead).entry_id)
        assert entry.business_date == day + timedelta(days=1)


# The dates that earn, and on which of them the month pays how much: 100,000 at 1% for each day,
# 2.739726 (kenya.md 11.2), rounded half up, less 15% of tax.
ODD_DAYS = [
    ("the year's end", days(date(2027, 12, 30), 1, 2), date(2027, 12, 31), "5.48", "0.82"),
    ("a leap day", days(date(2028, 2, 27), 1, 2, 3), date(2028, 2, 29), "8.22", "1.23"),
    ("no leap day", days(date(2027, 2, 27), 1, 2), date(2027, 2, 28), "5.48", "0.82"),
    ("holidays", days(date(2026, 12, 24), 1, 2), None, "", ""),
]


@pytest.mark.django_db(transaction=True)
class TestOddDays:
    @pytest.mark.parametrize(("dates", "pays_on", "gross", "tax"), [row[1:] for row in ODD_DAYS],
                             ids=[row[0] for row in ODD_DAYS])  # fmt: skip
    def test_are_closed_and_earn_like_others(self, empty_bank, dates, pays_on, gross, tax):
        with psycopg.connect(empty_bank["owner"]) as owner:
            owner.execute("UPDATE ledger_businessday SET business_date = %s", [dates[0]])
        saver = SavingsAccountFactory(balance="100000")

        done = close.follow_the_clock(
            at=calendar.ends_at(dates[-1]) + timedelta(minutes=3), actor=SYSTEM
        )

        assert done and calendar.business_date() == dates[-1] + timedelta(days=1)
        rows = InterestAccrual.objects.filter(
            account_id=saver.ledger_account_id, booked_on__in=dates
        )
        assert [row.for_day for row in rows.order_by("booked_on")] == dates
        assert {row.amount for row in rows if row.base == 100000} == {Decimal("2.739726")}
        paid = [(row.paid_on, row.gross, row.tax) for row in InterestPayment.objects.all()]
        assert paid == ([(pays_on, Decimal(gross), Decimal(tax))] if pays_on else [])


class TestMidnightInNairobi:
    @pytest.mark.parametrize(
        ("last", "moment"),
        [
            (date(2028, 2, 28), datetime(2028, 2, 28, 21, tzinfo=UTC)),
            (date(2027, 12, 31), datetime(2027, 12, 31, 21, tzinfo=UTC)),
        ],
    )
    def test_ends_a_date_three_hours_before_greenwich(self, last, moment):
        assert calendar.ends_at(last) == moment
        assert calendar.nairobi_date(moment) == last + timedelta(days=1)
        assert calendar.nairobi_date(moment - timedelta(microseconds=1)) == last


@pytest.mark.django_db
class TestTokens:
    @pytest.mark.parametrize("seconds", [-60, 60])
    def test_bear_a_minute_between_two_clocks(self, seconds):
        program = Program(user=CustomerFactory().user)

        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
            assert program.get("/api/v1/auth/me").status_code == 200

    def test_do_not_bear_an_hour(self):
        program = Program(user=CustomerFactory().user)

        with time_machine.travel(timezone.now() + timedelta(seconds=3601), tick=True):
            assert program.get("/api/v1/auth/me").status_code == 401
