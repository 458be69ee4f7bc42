"""Loans by instalments: paying on the day, late, ahead, and off."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from ledger.chart import queries as chart
from ledger.factories import put_in
from ledger.money import kes
from lending.arrears.tests.steps import due_of, earn, judge, lend, pay, pay_through
from lending.earnings.models import EarningJournal
from lending.factories import account_of
from lending.loans.models import LoanInstalment
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.models import Part, Repayment
from lending.repayments.refusals import MoreThanOwed
from lending.repayments.tests.test_operations import lines_of
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def personal_loan():
    """KES 80,000 at 15% a year for 12 months, counted by days."""
    return lend(product="PERS", amount="80000", tenor=12, percent="15")


def on(loan, days: int) -> date:
    return loan.start_date + timedelta(days=days)


def nights(loan, first: int, last: int) -> None:
    for days in range(first, last + 1):
        earn(on(loan, days))


def take(loan, amount, *, on: date) -> Repayment:
    """A payment of a later business date: the day itself comes in no test."""
    put_in(account_of(loan.customer).ledger_account, amount)
    debt = debts.of(repayments.locked(loan), on=on)
    return repayments._take(
        debt, kes(amount), account=debt.loan.account, reference=f"{on}:{amount}",
        channel=Repayment.Channel.CUSTOMER, at=timezone.now(), actor=SYSTEM,
    )  # fmt: skip


def shares_of(payment) -> dict[str, Decimal]:
    rows = payment.allocations.values("part").annotate(total=Sum("amount"))
    return {row["part"]: row["total"] for row in rows}


def standing(loan) -> list[LoanInstalment]:
    return list(LoanInstalment.standing.filter(loan=loan).order_by("number"))


class TestOwedDayByDay:
    def test_is_principal_and_the_interest_of_the_days(self):
        """80,000 x 15% x 10 / 365 = 328.77; within a period the schedule counts by days."""
        loan = personal_loan()

        debt = debts.of(loan, on=on(loan, 10))

        assert (debt.interest, debt.principal) == (kes("328.77"), kes("80000"))
        assert debt.asked_by_now == kes("0")

    def test_has_the_fee_for_paying_ahead_in_its_first_year(self):
        """One percent of the principal after the running instalment (kenya.md 4.9)."""
        loan = personal_loan()
        first = loan.instalments.get(number=1)

        debt = debts.of(loan, on=on(loan, 0))

        ahead = Decimal(80000) - first.principal
        assert debt.fee.amount == (ahead / 100).quantize(Decimal("0.01"))
        assert debt.total.amount == 80000 + debt.fee.amount
        assert debts.of(loan, on=on(loan, 366)).fee == kes("0")


class TestPayingOnTheDay:
    def test_takes_each_instalment_and_ends_the_loan(self):
        loan = personal_loan()

        pay_through(loan, 12)

        loan.refresh_from_db()
        assert loan.state == "PAID"
        assert chart.standing(loan.ledger_account_id).balance == 0
        assert not loan.versions.exists()

    def test_earns_what_the_schedule_asks_to_the_cent(self):
        loan = personal_loan()
        due = due_of(loan)
        first = loan.instalments.get(number=1)

        nights(loan, 0, (first.contractual - loan.start_date).days - 1)

        earned = loan.earnings.aggregate(total=Sum("amount"), exact=Sum("exact"))
        assert earned["total"] == first.interest
        assert abs(earned["exact"] - first.interest) < Decimal("0.001")
        assert debts.of(loan, on=due).unearned == kes("0")


class TestPayingLate:
    def test_costs_interest_on_what_is_late_for_each_day(self):
        """The first principal x 15% / 365 a day, carried to the cent; 3 days of grace."""
        loan = personal_loan()
        first, due = loan.instalments.get(number=1), due_of(loan)
        days = (due - loan.start_date).days
        nights(loan, 0, days + 9)

        debt = debts.of(loan, on=due + timedelta(days=10))

        assert debt.late_interest.amount == (first.principal * 15 * 10 / 36500).quantize(
            Decimal("0.01")
        )
        # From the fourth day after the due date to the ninth: six nights, 6% a year.
        assert debt.penalty.amount == (first.principal * 6 * 6 / 36500).quantize(Decimal("0.01"))
        assert debt.asked_by_now.amount == (
            first.principal + first.interest + debt.late_interest.amount + debt.penalty.amount
        )

    def test_is_paid_penalty_first_and_is_then_on_the_schedule_again(self):
        loan = personal_loan()
        due = due_of(loan)
        nights(loan, 0, (due - loan.start_date).days + 9)
        day = due + timedelta(days=10)
        asked = debts.of(loan, on=day).asked_by_now

        payment = take(loan, asked.amount, on=day)

        assert set(shares_of(payment)) == {"PENALTY", "LATE", "INTEREST", "PRINCIPAL"}
        after = debts.of(loan, on=day)
        assert (after.penalty, after.late_interest, after.is_late) == (kes("0"), kes("0"), False)
        assert after.next_due.instalment.number == 2
        assert not loan.versions.exists()

    def test_books_late_interest_with_interest(self):
        """kenya.md 11.2, LOAN_ACCRUAL performing: 1330 against 4010."""
        loan = personal_loan()
        due = due_of(loan)

        earn(due)

        journal = EarningJournal.objects.get(pk=due)
        assert journal.interest == loan.earnings.aggregate(total=Sum("amount"))["total"]
        assert loan.earnings.filter(part="LATE").exists()


class TestPayingAhead:
    def test_of_the_next_instalment_leaves_the_schedule_as_it_was(self):
        """Ten days' interest and 3,000 of the principal of the running instalment."""
        loan = personal_loan()
        before = standing(loan)
        nights(loan, 0, 9)

        payment = take(loan, "3328.77", on=on(loan, 10))

        assert shares_of(payment) == {"INTEREST": Decimal("328.77"), "PRINCIPAL": Decimal(3000)}
        first, rest, *later = standing(loan)
        assert (first.contractual, first.due) == (on(loan, 10), before[0].due)
        assert rest.principal == before[0].principal - 3000
        # What is left of the month's interest, on 77,000 of 80,000.
        assert rest.interest == ((before[0].interest - Decimal("328.77")) * 77 / 80).quantize(
            Decimal("0.01")
        )
        assert [(row.due, row.principal, row.interest) for row in later] == [
            (row.due, row.principal, row.interest) for row in before[1:]
        ]
        assert payment.unearned == 0

    def test_of_more_keeps_the_payment_and_shortens_the_time(self):
        loan = personal_loan()
        before = standing(loan)

        payment = take(loan, "40000", on=on(loan, 0))

        fee, principal = shares_of(payment)["FEE"], shares_of(payment)["PRINCIPAL"]
        ahead = principal - before[0].principal
        assert fee == (ahead / 100).quantize(Decimal("0.01"))
        after = standing(loan)
        assert sum(row.principal for row in after) == 80000
        assert len(after) < len(before)
        levels = {row.principal + row.interest for row in after[2:-1]}
        assert levels == {before[1].principal + before[1].interest}
        assert after[-1].principal + after[-1].interest <= levels.pop()
        assert LoanInstalment.objects.filter(loan=loan, ended_in=2).count() == 12
        assert loan.versions.get().why == "PAID_AHEAD"

    def test_books_its_fee(self):
        """kenya.md 11.2, PREPAYMENT fee: 4140 n, 2210 x; excise of 20% inside."""
        loan = personal_loan()

        payment = take(loan, "40000", on=on(loan, 0))

        shares = shares_of(payment)
        fee = shares[Part.FEE]
        net = (fee / Decimal("1.2")).quantize(Decimal("0.01"))
        assert lines_of(payment.entry_id) == {
            ("2010", "DEBIT", kes("40000")),
            ("1310", "CREDIT", kes(shares[Part.PRINCIPAL])),
            ("4140", "CREDIT", kes(net)), ("2210", "CREDIT", kes(fee - net)),
        }  # fmt: skip

    def test_twice_a_day_and_through_the_nights_earns_what_is_asked(self):
        loan = personal_loan()
        nights(loan, 0, 9)
        take(loan, "2000", on=on(loan, 10))
        take(loan, "2500", on=on(loan, 10))
        nights(loan, 10, 19)
        take(loan, "200", on=on(loan, 20))  # Less than what has run.
        nights(loan, 20, 24)

        debt = debts.of(loan, on=on(loan, 25))

        assert debt.unearned == kes("0")
        owed = 80000 - (2000 - Decimal("328.77")) - 2500
        # Ten days on 80,000, ten and five on what was owed then; 200 and 328.77 were paid.
        run = (80000 * 10 + owed * 15) * 15 / 36500
        assert abs(debt.interest.amount - (run - 200 - Decimal("328.77"))) < Decimal("0.03")
        assert debt.principal.amount == owed

    def test_is_refused_above_what_pays_it_off(self):
        loan = personal_loan()
        owed = debts.of(loan, on=loan.start_date).total

        with pytest.raises(MoreThanOwed):
            pay(loan, owed.amount + 1)


class TestPayingOff:
    @pytest.mark.proves("BW16")
    def test_takes_the_interest_of_the_days_and_ends_the_loan(self):
        loan = personal_loan()
        nights(loan, 0, 4)
        day = on(loan, 5)
        debt = debts.of(loan, on=day)

        payment = take(loan, debt.total.amount, on=day)

        assert shares_of(payment) == {
            "INTEREST": Decimal("164.38"), "PRINCIPAL": Decimal(80000), "FEE": debt.fee.amount,
        }  # fmt: skip
        loan.refresh_from_db()
        assert loan.state == "PAID"
        assert chart.standing(loan.ledger_account_id).balance == 0
        assert [row.principal for row in standing(loan)] == [80000]
        earn(day)  # What is left of its fee is income now.

    def test_before_the_night_has_earned_is_income_of_the_moment(self):
        loan = personal_loan()
        day = on(loan, 10)

        payment = take(loan, debts.of(loan, on=day).total.amount, on=day)

        assert payment.unearned == Decimal("328.77")


class TestTheFee:
    def test_becomes_income_as_interest_is_earned_and_whole_at_the_end(self):
        """1,600 of 80,000 with 20% excise inside: 1,333.33 is deferred (kenya.md 11.2)."""
        loan = personal_loan()
        assert loan.fee == Decimal("1333.33")
        month_end = (loan.start_date.replace(day=28) + timedelta(days=4)).replace(
            day=1
        ) - timedelta(days=1)
        interest = sum(row.interest for row in standing(loan))
        earn(month_end)

        released = loan.fee_releases.get()
        earned = loan.earnings.aggregate(total=Sum("exact"))["total"]
        days = (month_end - loan.start_date).days + 1
        run = Decimal(80000) * 15 * days / 36500
        assert earned is not None
        assert abs(released.amount - loan.fee * run / interest) < Decimal("0.01")
        assert EarningJournal.objects.get(pk=month_end).fee == released.amount

        pay(loan, debts.of(loan, on=loan.start_date).total.amount)
        earn(loan.start_date + timedelta(days=6))

        assert loan.fee_releases.aggregate(total=Sum("amount"))["total"] == loan.fee


class TestBadLoans:
    def test_are_asked_for_no_more_than_the_ceiling(self):
        """Section 44A: unpaid interest and penalties up to the principal owed when it turned."""
        loan = lend(product="EMER", amount="500", tenor=3, percent="20")
        last = due_of(loan, 3)
        day = last
        for count in range(92 + 120):
            day = due_of(loan) + timedelta(days=count)
            judge(day)
            earn(day)
        loan.standing.npl_principal = Decimal(20)
        loan.standing.save()
        earn(day + timedelta(days=1))

        debt = debts.of(loan, on=day + timedelta(days=2))

        assert debt.principal == kes("500")
        assert debt.interest == kes("0")
        assert not loan.earnings.filter(business_date=day + timedelta(days=1)).exists()
