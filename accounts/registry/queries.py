"""Reads of identity checks: how a customer stands, and what waits for an officer."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts.registry.models import IdentityCheck, MatchThreshold
from accounts.registry.states import DOUBTS, OPEN, CheckState

Kind = IdentityCheck.Kind
GIVEN_UP_AFTER = timedelta(hours=24)  # The outbox has then been through all its pauses.


class NoThreshold(LookupError):
    """No row is in force: a gap in the bank's own tables. Nobody is matched without one."""


def newest(customer, kind: str) -> IdentityCheck | None:
    """This will give the newest check of a kind of a customer."""
    return _of_people().filter(customer=customer, kind=kind).order_by("-id").first()


def checks_of(customer) -> list[IdentityCheck]:
    """This will give the newest check of each kind, the national register first."""
    return [check for kind in Kind if (check := newest(customer, kind)) is not None]


def history_of(customer) -> list[IdentityCheck]:
    """This will give every check of a customer, the newest first."""
    return list(IdentityCheck.objects.filter(customer=customer).order_by("-id"))


def is_confirmed(customer, kind: str) -> bool:
    """This will say whether the newest check of a kind said yes, or an officer did."""
    check = newest(customer, kind)
    return check is not None and check.is_confirmed


def queue() -> QuerySet[IdentityCheck]:
    """
    This will give the doubts that wait for an officer, the oldest first: customers whose newest
    answer was no yes and whom nobody has looked at.
    """
    newer = IdentityCheck.objects.filter(
        customer=OuterRef("customer"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
    ).exclude(state__in=OPEN)
    return (
        IdentityCheck.objects.filter(~Exists(newer), state__in=DOUBTS, settled_at=None)
        .select_related("customer")
        .order_by("answered_at", "id")
    )


def unanswered(*, at: datetime) -> QuerySet[IdentityCheck]:
    """This will give checks whose provider has been away for so long that the outbox gave up."""
    return IdentityCheck.objects.filter(
        state=CheckState.UNKNOWN, tried_at__lte=at - GIVEN_UP_AFTER
    ).order_by("id")


def limits_on(day: date) -> Mapping[str, int]:
    """
    This will give the thresholds in force on a day, in percent by kind.

    :raises NoThreshold: if one is missing.
    """
    rows = MatchThreshold.objects.on(day).values_list("kind", "least_percent")
    found = dict(reversed(list(rows)))  # The latest start comes first, and wins.
    if missing := set(MatchThreshold.Kind.values) - set(found):
        raise NoThreshold(f"{sorted(missing)} on {day}")
    return found


def _of_people() -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.exclude(state=CheckState.SUPERSEDED)
