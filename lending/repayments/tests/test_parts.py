"""
An instalment that was cut by payments ahead, or agreed anew, has several parts with one due date:
whoever reads a schedule reads what falls due on a day, and what was agreed at first.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import kes
from lending.arrears.tests.steps import due_of, judge, lend, standing_of
from lending.loans.models import LoanInstalment
from lending.monitoring.models import LoanVerdict
from lending.monitoring.tests.steps import decision_on, note
from lending.provisions.models import OriginalRate
from lending.provisions.tests.test_operations import night
from lending.reminders import operations as reminders
from lending.repayments import debts, history
from lending.repayments import operations as repayments
from lending.replays.tests.steps import lent, pay_on
from lending.restructures.tests.test_operations import ask, offered, sign

pytestmark = pytest.mark.django_db


def cut(loan, *days) -> list[LoanInstalment]:
    """KES 1,000 are paid on days before the first is due; it gives the parts of that due date."""
    for number in days:
        pay_on(loan, "1000", day=loan.start_date + timedelta(days=number))
    rows = LoanInstalment.standing.filter(loan=loan).order_by("number")
    return [row for row in rows if row.due == rows[0].due]


class TestParts:
    def test_are_one_payment(self):
        """Who pays what is named next by its day is not late on the day after."""
        loan = lent(55, product="PERS", amount="60000", tenor=12, percent="15")
        sign(offered(ask(loan, number=24)))
        debt = debts.of(loan, on=calendar.business_date())
        due = debt.next_due.date
        parts = [one.total for one in debt.dues if one.date == due and one.total]

        assert (len(parts), debt.next_payment) == (2, parts[0] + parts[1])
        pay_on(loan, debt.next_payment.amount, day=due)

        assert not debts.of(loan, on=due + timedelta(days=1)).is_late

    def test_are_told_of_once(self):
        loan = lent(0, product="PERS", amount="60000", tenor=12, percent="15")
        parts = cut(loan, 5, 11)
        day = parts[0].due
        Message.objects.all().delete()

        reminders.remind(at=calendar.ends_at(day) - timedelta(hours=12))

        [text] = Message.objects.filter(kind="loan_due", user=loan.customer.user)
        assert str(debts.of(loan, on=day).due_on(day)) in text.body

    def test_are_told_apart_from_all_that_is_owed(self):
        loan = lent(0, product="PERS", amount="60000", tenor=12, percent="15")
        put_in(loan.account.ledger_account, "1000")
        repayments.repay(
            loan, money=kes("1000"), reference="a", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        debt = debts.of(loan, on=calendar.business_date())
        [text] = Message.objects.filter(kind="loan_repaid", user=loan.customer.user)
        assert f"{debt.next_payment} of it by" in text.body
        assert debt.next_payment < debt.owed

    def test_do_not_cure_a_loan_sooner(self):
        """kenya.md 4.1: six instalments, which are six due dates, however they are paid."""
        loan = lend(product="PERS", amount="60000", tenor=12, percent="15")
        judge(due_of(loan) + timedelta(days=91))
        cleared = due_of(loan) + timedelta(days=92)
        pay_on(loan, debts.of(loan, on=cleared).asked_by_now.amount, day=cleared)
        judge(cleared)
        assert standing_of(loan).clean_since == cleared
        for number in range(1, 8):
            pay_on(loan, "300", day=cleared + timedelta(days=number))
        rest = debts.of(loan, on=cleared + timedelta(days=8))
        pay_on(loan, rest.next_payment.amount, day=cleared + timedelta(days=8))
        gone = LoanInstalment.standing.filter(
            loan=loan, due__gt=cleared, due__lt=rest.next_due.date
        )

        judge(rest.next_due.date + timedelta(days=1))

        assert gone.count() + len(rest.dues) > 6
        assert standing_of(loan).loan_class == "SUBSTANDARD"


class TestWhatWasAgreedAtFirst:
    def test_is_the_rate_by_which_losses_are_discounted(self):
        one, twin = (lend(product="PERS", amount="60000", tenor=12, percent="15") for _ in "ab")
        cut(one, 5, 11)

        night(one.start_date + timedelta(days=20))

        rates = OriginalRate.objects.in_bulk([one.pk, twin.pk])
        assert rates[one.pk].percent == rates[twin.pk].percent
        assert 15 < rates[twin.pk].percent < 25

    def test_is_judged_until_it_was_agreed_anew(self):
        """Late for some weeks, agreed anew, paid: ninety days later nothing is late still."""
        loan = lent(50, product="EMER", amount="9000", tenor=3, percent="20")
        decision_on(loan.application)
        first = loan.instalments.get(number=1).contractual
        sign(offered(ask(loan, number=6)))
        today = calendar.business_date()
        pay_on(loan, debts.of(loan, on=today).total.amount, day=today)

        note(first + timedelta(days=94))

        assert not LoanVerdict.objects.get(loan=loan).is_bad


def test_a_history_with_a_late_loan_agreed_anew_is_read():
    """An instalment of which nothing is asked any more has no day on which it was paid."""
    loan = lent(55, product="PERS", amount="40000", tenor=12, percent="15")
    sign(offered(ask(loan, kind="DEFER", number=1)))
    first = LoanInstalment.standing.filter(loan=loan).earliest("number")
    assert (first.asked_principal, first.asked_interest) == (0, 0)

    found = history.of(loan.customer, on=calendar.business_date() + timedelta(days=1))

    assert found.loans == 1
