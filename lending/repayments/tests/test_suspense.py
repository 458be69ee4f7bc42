"""Loans that perform no more: suspense, what is paid of it, and the ceiling of section 44A."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from ledger.chart.models import Balance
from ledger.money import kes
from lending.arrears.models import LoanStanding, SuspenseMove
from lending.arrears.tests.steps import (
    due_of,
    earn,
    judge,
    lend,
    pay,
    pay_through,
    standing_of,
)
from lending.earnings.models import EarningJournal
from lending.repayments import ceiling, debts
from lending.repayments.tests.test_operations import lines_of

pytestmark = pytest.mark.django_db


def days_from(first, last):
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def bad_loan():
    """KES 5,000 for 30 days, and nothing paid until 91 days after: every night was closed."""
    loan = lend()
    turns = due_of(loan) + timedelta(days=91)
    for day in days_from(loan.start_date, turns):
        judge(day)
        earn(day)
    return loan, turns


def line(code):
    return Balance.objects.filter(account__code=code).aggregate(total=Sum("balance"))["total"] or 0


class TestTurning:
    def test_takes_what_is_earned_and_unpaid_out_of_income(self):
        """Interest 250; penalty 5,000 x 0.25% x 30 days = 375 (kenya.md 4.5, 11.2)."""
        loan, turns = bad_loan()

        moved = SuspenseMove.objects.get()
        assert (moved.loan, moved.business_date, moved.is_into) == (loan, turns, True)
        assert lines_of(moved.entry_id) == {
            ("4010", "DEBIT", kes("250")), ("4020", "DEBIT", kes("375")),
            ("2360", "CREDIT", kes("250")), ("2360", "CREDIT", kes("375")),
        }  # fmt: skip
        assert (line("2360"), line("4010"), line("4020")) == (625, 0, 0)
        assert (line("1330"), line("1335")) == (250, 375)

    def test_makes_it_income_when_it_is_paid(self):
        loan, _turns = bad_loan()

        payment = pay(loan, "1000")  # 375 penalties, 250 interest, 375 principal.

        assert lines_of(payment.entry_id) == {
            ("2010", "DEBIT", kes("1000")), ("2360", "DEBIT", kes("625")),
            ("1335", "CREDIT", kes("375")), ("1330", "CREDIT", kes("250")),
            ("4010", "CREDIT", kes("250")), ("4020", "CREDIT", kes("375")),
            ("1313", "CREDIT", kes("375")),
        }  # fmt: skip
        assert payment.suspended == 625
        assert line("2360") == 0

    def test_books_what_is_earned_from_then_on_in_suspense(self):
        loan = lend(product="SALA", amount="60000", tenor=6, percent="15")
        turns = due_of(loan) + timedelta(days=91)
        judge(turns - timedelta(days=1))
        earn(turns - timedelta(days=1))
        before = line("4010")
        assert before > 0 and line("2360") == 0

        judge(turns)
        earn(turns)

        rows = loan.earnings.filter(business_date=turns)
        assert {row.is_suspended for row in rows} == {True}
        journal = EarningJournal.objects.get(pk=turns)
        assert (journal.suspended_interest, journal.suspended_penalty) == (
            journal.interest, journal.penalty,
        )  # fmt: skip
        assert journal.interest > 0 and journal.penalty > 0
        assert (line("4010"), line("4020")) == (0, 0)
        assert line("2360") == line("1330") + line("1335")

    def test_goes_back_when_the_loan_performs_again(self):
        late = lend()
        fine = lend(late.customer, product="PERS", amount="20000", tenor=12, percent="15")
        day = due_of(late) + timedelta(days=91)
        pay_through(fine, 4)
        judge(day)
        earn(day)
        assert SuspenseMove.objects.filter(is_into=True).count() == 2
        pay(late, f"{debts.of(late, on=day).total.amount}")

        judge(day + timedelta(days=1))

        assert standing_of(fine).is_performing
        assert SuspenseMove.objects.filter(is_into=False).count() == 2
        assert line("2360") == 0
        assert judge(day + timedelta(days=1)) == (0, 0)
        assert SuspenseMove.objects.count() == 4


class TestTheCeiling:
    def test_is_the_principal_of_the_day_it_turned(self):
        loan, turns = bad_loan()
        pay(loan, "1000")

        found = ceiling.of(debts.of(loan, on=turns))

        assert (found.principal, found.room, found.is_reached) == (kes("5000"), kes("5000"), False)

    def test_is_none_while_a_loan_performs(self):
        loan = lend()
        judge(loan.start_date)

        assert ceiling.of(debts.of(loan, on=loan.start_date)) is None

    def test_stops_interest_and_penalties_and_lets_on_what_is_paid(self):
        """Room for 30: each day takes some 8 of interest and 6 of penalty."""
        loan = lend(product="SALA", amount="60000", tenor=6, percent="15")
        day = due_of(loan) + timedelta(days=91)
        judge(day)
        earn(day)
        owed = sum(row.amount for row in loan.earnings.all())
        LoanStanding.objects.update(npl_principal=owed + 30)
        for more in (1, 2, 3, 4, 5):
            earn(day + timedelta(days=more))

        assert sum(row.amount for row in loan.earnings.all()) == owed + 30
        on = day + timedelta(days=5)
        assert ceiling.of(debts.of(loan, on=on)).is_reached
        assert not loan.earnings.filter(business_date=on).exists()

        pay(loan, "10")
        assert ceiling.of(debts.of(loan, on=on)).room == kes("10")
        earn(on + timedelta(days=1))

        assert sum(row.amount for row in loan.earnings.all()) == owed + 40
        assert ceiling.of(debts.of(loan, on=on)).is_reached
