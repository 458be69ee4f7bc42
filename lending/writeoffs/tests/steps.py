"""Steps of the tests of write-offs: a loan that may be written off, and the committee."""

from datetime import timedelta

from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals import operations as approvals
from lending.arrears.tests.steps import due_of, earn, judge, lend, only
from lending.earnings.models import EarningJournal
from lending.provisions import operations as provisions
from lending.provisions.models import ProvisionRun
from lending.writeoffs import operations as writeoffs
from wekeza.kit.actor import SYSTEM

WHY = "Three letters came back, and the guarantor cannot be found"


def night(day, loan=None):
    """
    The close of a business date at a month's end: of the first from a day on that had no run. Of
    one loan, it leaves the loans of other tests where they stand.
    """
    while ProvisionRun.objects.filter(business_date=day).exists():
        day += timedelta(days=1)
    at = timezone.now()
    judge(day, loan)
    earn(day, loan)
    provisions.provide(day=day, at=at, **only(loan))
    provisions.book(day=day, actor=SYSTEM, at=at)


def lost_loan(*, days=361, **facts):
    """
    KES 5,000 for 30 days, of which nothing was paid until so many days after: interest of 250 was
    earned by the due date, and is in suspense since the loan turned.
    """
    loan = lend(**facts)
    day = due_of(loan)
    while EarningJournal.objects.filter(pk=day).exists():  # Each date is booked once.
        day += timedelta(days=1)
    earn(day, loan)
    night(due_of(loan) + timedelta(days=days), loan)
    return loan


def officer():
    """Somebody who asks for write-offs."""
    return staff_actor(StaffMemberFactory(role_id="LOAN_OFFICER"))


def committee(count=2):
    """Risk officers, who decide them."""
    return [staff_actor(StaffMemberFactory(role_id="RISK")) for _ in range(count)]


def ask(loan, actor=None):
    return writeoffs.ask(loan, reason=WHY, actor=actor or officer(), at=timezone.now())


def agree(asked, actor):
    return approvals.approve(asked, digest=asked.digest, actor=actor, at=timezone.now())


def write_off(loan):
    """Asked for by an officer, and decided by a committee of two."""
    asked = ask(loan)
    for actor in committee():
        agree(asked, actor)
    loan.refresh_from_db()
    return loan.write_off
