"""Steps of the tests of replays: a loan that began some weeks ago, and the days it lived."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals import operations as approvals
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import kes
from ledger.proofs import queries as proofs
from lending.arrears.tests.steps import earn, judge, lend
from lending.factories import account_of
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.models import Repayment
from lending.replays import operations as replays
from wekeza.kit.actor import SYSTEM

WHY = "The money was meant for another loan"


def lent(days: int, **facts):
    """A loan that was paid out so many days ago."""
    return lend(start=calendar.business_date() - timedelta(days=days), **facts)


def live(loan, *, paying, twin=None, twins=(), until=None, since: int = 0, judged=None) -> list:
    """
    The days of a loan, and of its twin, from `since` on, each with its night, until yesterday or
    the day `until`: on the days named, so much was paid, or all that was owed (None). From the day
    `judged` on it is judged too, as a night that is late needs. It gives the loan's payments.
    """
    today = calendar.business_date()
    last = (today - loan.start_date).days - 1 if until is None else until
    payments = []
    for number in range(since, last + 1):
        day = loan.start_date + timedelta(days=number)
        if number in paying:
            payments.append(pay_on(loan, paying[number], day=day))
        if number in twins:
            pay_on(twin, twins[number], day=day)
        if judged is not None and number >= judged:
            judge(day)
        earn(day)
    for one in filter(None, (loan, twin)):
        one.refresh_from_db()
    return payments


@transaction.atomic
def pay_on(loan, amount, *, day: date, channel=Repayment.Channel.CUSTOMER) -> Repayment:
    """A payment of a day gone by, as it was taken then."""
    debt = debts.of(repayments.locked(loan), on=day)
    amount = debt.total.amount if amount is None else amount
    put_in(account_of(loan.customer).ledger_account, amount)
    return repayments.take(
        debt, money=kes(amount), account=debt.loan.account,
        reference=f"{day} {loan.repayments.count()}", channel=channel, at=timezone.now(),
        actor=SYSTEM,
    )  # fmt: skip


def officer():
    """Somebody who asks."""
    return staff_actor(StaffMemberFactory(role_id="LOAN_OFFICER"))


def manager():
    """Somebody who decides."""
    return staff_actor(StaffMemberFactory(role_id="BRANCH_MANAGER"))


def ask_reversal(payment, actor=None):
    at = timezone.now()
    return replays.ask_reversal(payment, reason=WHY, actor=actor or officer(), at=at)


def ask_earlier(loan, amount, *, day: date, actor=None):
    return replays.ask_earlier(
        loan, money=kes(amount), day=day, reason="A cheque of that day", at=timezone.now(),
        actor=actor or officer(),
    )  # fmt: skip


def agree(asked, actor=None):
    return approvals.approve(
        asked, digest=asked.digest, actor=actor or manager(), at=timezone.now()
    )


def reverse(payment):
    """Asked for by an officer, and decided by their manager."""
    agree(ask_reversal(payment))
    return payment.loan.replays.latest("pk")


def pay_earlier(loan, amount, *, day: date):
    """The same of money that was received on a day."""
    agree(ask_earlier(loan, amount, day=day))
    loan.refresh_from_db()
    return loan.replays.latest("pk")


def broken() -> list[str]:
    """The names of the proofs that do not hold."""
    return [proof.name for proof in proofs.prove(more=settings.PROOFS) if not proof.holds]
