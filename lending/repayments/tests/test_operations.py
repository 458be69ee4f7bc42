"""Paying loans back: what each shilling pays, the journal, and the end of a loan."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.factories import take_out
from ledger.journal.models import Posting
from ledger.money import Money, kes
from ledger.refusals import ReferenceReused
from lending.earnings import operations as earnings
from lending.factories import LoanFactory, account_of
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.refusals import LoanPaid, MoreThanOwed, NotEnoughInAccount
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(bureau):
    return LoanFactory()


def pay(loan, amount, *, reference=None):
    return repayments.repay(
        loan, money=kes(amount), reference=reference or str(uuid4()), at=timezone.now(),
        actor=actor_of(loan.customer),
    )  # fmt: skip


def debt_of(loan, *, days=0):
    return debts.of(loan, on=loan.start_date + timedelta(days=days))


def nights(loan, *, first, last):
    """The nights of some days after the loan was paid out, with their booking."""
    for days in range(first, last + 1):
        day = loan.start_date + timedelta(days=days)
        earnings.earn(day=day, first=loan.pk, last=loan.pk)
        earnings.book(day=day, actor=SYSTEM, at=timezone.now())


def lines_of(entry_id) -> set[tuple[str, str, Money]]:
    rows = Posting.objects.filter(entry_id=entry_id).select_related("account__control")
    return {
        ((row.account.control or row.account).code, row.side, Money.rounded(row.amount, "KES"))
        for row in rows
    }


class TestWhatIsOwed:
    @pytest.mark.proves("BW12")
    def test_is_5250_of_5000_from_the_first_day(self, loan):
        """Mission 000:120-125; decision 36: on any day."""
        assert debt_of(loan).total == debt_of(loan, days=29).total == kes("5250")

    def test_is_late_after_the_due_date(self, loan):
        due = loan.instalments.get().due
        on_time, late = debts.of(loan, on=due), debts.of(loan, on=due + timedelta(days=4))

        assert (on_time.is_late, on_time.asked_by_now) == (False, kes("5250"))
        assert (late.is_late, late.days_late) == (True, 4)


class TestPayingAll:
    @pytest.mark.proves("BW15", "BW16", "MV04")
    def test_debits_the_account_and_ends_the_loan(self, loan):
        before = chart.standing(account_of(loan.customer).ledger_account_id).balance

        payment = pay(loan, "5250")

        loan.refresh_from_db()
        assert (loan.state, loan.paid_date) == ("PAID", calendar.business_date())
        assert chart.standing(account_of(loan.customer).ledger_account_id).balance == before - 5250
        assert chart.standing(loan.ledger_account_id).balance == 0
        assert payment.left == kes("0")

    def test_before_any_night_all_interest_is_income_of_the_moment(self, loan):
        """kenya.md 11.2, REPAYMENT split; decision 36."""
        payment = pay(loan, "5250")

        assert lines_of(payment.entry_id) == {
            ("2010", "DEBIT", kes("5250")), ("1313", "CREDIT", kes("5000")),
            ("4010", "CREDIT", kes("250")),
        }  # fmt: skip

    def test_after_ten_nights_a_third_was_earned(self, loan):
        nights(loan, first=0, last=9)  # 250 / 30 x 10 = 83.33

        payment = pay(loan, "5250")

        assert lines_of(payment.entry_id) == {
            ("2010", "DEBIT", kes("5250")), ("1313", "CREDIT", kes("5000")),
            ("1330", "CREDIT", kes("83.33")), ("4010", "CREDIT", kes("166.67")),
        }  # fmt: skip

    def test_at_the_end_all_interest_was_earned(self, loan):
        nights(loan, first=0, last=29)

        payment = pay(loan, "5250")

        assert ("1330", "CREDIT", kes("250")) in lines_of(payment.entry_id)

    def test_late_with_a_penalty(self, loan):
        """5,000 x 0.25% = 12.50 a day from the fourth day late on, for two days (kenya.md 4.5)."""
        late = (loan.instalments.get().due - loan.start_date).days + 4
        nights(loan, first=0, last=late + 1)
        debt = debt_of(loan, days=late + 2)
        assert (debt.penalty, debt.total) == (kes("25"), kes("5275"))

        payment = pay(loan, "5275")

        loan.refresh_from_db()
        assert loan.is_paid
        assert ("1335", "CREDIT", kes("25")) in lines_of(payment.entry_id)


class TestPayingPart:
    def test_interest_comes_before_principal(self, loan):
        payment = pay(loan, "1000")

        parts = {row.part: row.money for row in payment.allocations.all()}
        assert parts == {"INTEREST": kes("250"), "PRINCIPAL": kes("750")}
        assert payment.left == debt_of(loan).total == kes("4250")
        assert chart.standing(loan.ledger_account_id).balance == 4250

    def test_what_was_paid_ahead_is_not_earned_again(self, loan):
        nights(loan, first=0, last=5)
        pay(loan, "1000")

        nights(loan, first=6, last=29)

        assert debt_of(loan).unearned == kes("0")
        assert sum(row.amount for row in loan.earnings.all()) == 50  # 250 / 30 x 6


class TestRefusals:
    @pytest.mark.proves("BW14")
    def test_more_than_is_there(self, loan):
        take_out(account_of(loan.customer).ledger_account, "50900")

        with pytest.raises(NotEnoughInAccount) as refused:
            pay(loan, "5250")

        assert refused.value.facts == {
            "available": kes("4100"), "required": kes("5250"), "deficit": kes("1150"),
        }  # fmt: skip
        assert not loan.repayments.exists()

    def test_more_than_is_owed(self, loan):
        with pytest.raises(MoreThanOwed) as refused:
            pay(loan, "5250.01")

        assert refused.value.facts["owed"] == kes("5250")

    def test_a_loan_that_is_paid(self, loan):
        pay(loan, "5250")

        with pytest.raises(LoanPaid):
            pay(loan, "1")

    def test_one_form_pays_once(self, loan):
        first = pay(loan, "1000", reference="form")
        again = pay(loan, "1000", reference="form")
        with pytest.raises(ReferenceReused):
            pay(loan, "1001", reference="form")

        assert first == again
        assert loan.repayments.count() == 1


class TestSweep:
    def test_takes_what_is_due_and_no_more(self, loan):
        due = loan.instalments.get().due

        took = [
            repayments.sweep(day=due, first=loan.pk, last=loan.pk, at=timezone.now())
            for _ in range(2)
        ]

        loan.refresh_from_db()
        assert (took, loan.state) == ([1, 0], "PAID")
        assert loan.repayments.get().channel == "SWEEP"

    def test_takes_nothing_before_the_due_date(self, loan):
        day = loan.instalments.get().due - timedelta(days=1)

        assert repayments.sweep(day=day, first=loan.pk, last=loan.pk, at=timezone.now()) == 0

    def test_takes_what_there_is(self, loan):
        take_out(account_of(loan.customer).ledger_account, "53000")
        due = loan.instalments.get().due

        repayments.sweep(day=due, first=loan.pk, last=loan.pk, at=timezone.now())

        assert chart.standing(account_of(loan.customer).ledger_account_id).balance == 0
        assert debts.of(loan, on=due).total == kes("3250")


class TestNights:
    def test_a_second_run_adds_nothing(self, loan):
        nights(loan, first=0, last=3)
        rows = list(loan.earnings.values_list("business_date", "amount"))

        nights(loan, first=0, last=3)

        assert list(loan.earnings.values_list("business_date", "amount")) == rows
        assert sum(amount for _day, amount in rows) == kes("33.33").amount  # 250 / 30 x 4

    def test_a_missed_night_is_made_up_by_the_next(self, loan):
        nights(loan, first=4, last=4)

        assert loan.earnings.get().amount == kes("41.67").amount  # 250 / 30 x 5

    def test_penalties_end_after_thirty_days(self, loan):
        due = (loan.instalments.get().due - loan.start_date).days
        for days in range(due, due + 60):
            earnings.earn(day=loan.start_date + timedelta(days=days), first=loan.pk, last=loan.pk)

        penalties = loan.earnings.filter(part="PENALTY").order_by("business_date")
        assert penalties.count() == 30
        assert (penalties.first().business_date - loan.start_date).days == due + 4
        assert {row.amount for row in penalties} == {kes("12.50").amount}
        for row in loan.earnings.order_by("business_date").distinct("business_date"):
            earnings.book(day=row.business_date, actor=SYSTEM, at=timezone.now())
