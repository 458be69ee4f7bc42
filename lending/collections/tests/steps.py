"""Steps of the tests of collections: loans that are late today, nights, promises, contacts."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.calendar import queries as calendar
from ledger.calendar.queries import NAIROBI
from ledger.money import kes
from lending.arrears.tests.steps import judge, lend, only
from lending.collections import letters, nights, operations, promises
from lending.collections.models import CollectionCase, LoanPromise
from lending.factories import BorrowerFactory

ONE_DAY = timedelta(days=1)


def today() -> date:
    return calendar.business_date()


def noon(day: date | None = None, hour: int = 12) -> datetime:
    """An hour of a day in Nairobi; today's noon."""
    return datetime.combine(day or today(), time(hour), NAIROBI)


def late_loan(customer=None, *, days: int = 10, **facts):
    """
    A loan of KES 5,000 at 5%, if not named otherwise a 30-day one, of which KES 5,250 were due so
    many days ago, or a few more.
    """
    customer = customer or BorrowerFactory(deposit="")
    with transaction.atomic():
        return lend(customer, start=today() - timedelta(days=33 + days), **facts)


def night(day: date, loan=None) -> int:
    """What the night does about late loans, or one, at a close of day, once days are counted."""
    judge(day, loan)
    return nights.chase(day=day, at=noon(day + ONE_DAY, 0), **only(loan))


def chased(loan) -> CollectionCase:
    """The case of a late loan, as last night put it on the worklist."""
    night(today() - ONE_DAY, loan)
    return CollectionCase.objects.get(loan=loan, state="OPEN")


def waiting(case) -> list[str]:
    """The steps that wait, in the order of the calendar."""
    return list(case.steps.filter(state="WAITING").order_by("pk").values_list("code", flat=True))


def promise(loan, money="2000", *, days=7, parts=1, **facts) -> LoanPromise:
    """The customer promises, unless another actor is named."""
    # Payments that keep it come after it, at whatever hour the tests run.
    at = min(noon(), timezone.now())
    facts = {"actor": loan.customer.actor, "at": at, "reference": str(uuid4())} | facts
    first = today() + timedelta(days=days)
    return promises.make(loan, money=kes(money), first=first, parts=parts, **facts)


def collector(role="COLLECTIONS", **facts):
    """Somebody who collects."""
    return staff_actor(StaffMemberFactory(role_id=role, **facts))


def written(case, *, actor=None, at=None):
    """An officer writes the letter, at noon."""
    return letters.write(case, actor=actor or collector(), at=at or noon())


def contact(case, *, channel="CALL", outcome="SPOKE", note="", step="", actor=None, at=None):
    """An officer contacts the customer, at noon."""
    return operations.contact(
        case, channel=channel, outcome=outcome, note=note, step=step,
        actor=actor or collector(), at=at or noon(),
    )  # fmt: skip
