"""Reads of identity checks: how a customer stands, and what waits for an officer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.registry.models import IdentityCheck, MatchThreshold
from accounts.registry.states import DOUBTS, OPEN, CheckState

Kind = IdentityCheck.Kind
GIVEN_UP_AFTER = timedelta(hours=24)  # The outbox has then been through all its pauses.

CONFIRMED = {
    Kind.ID: _("Your ID number and name match the national register."),
    Kind.PHONE: _("Your main phone is registered in your name."),
}
ASKED = {
    Kind.ID: _("We are asking the national register about your ID. You need not do anything."),
    Kind.PHONE: _("We are asking the network about your main phone. You need not do anything."),
}
DOUBTED = {
    Kind.ID: _(
        "We could not confirm your ID number and name with the national register. "
        "Bring your ID to a branch."
    ),
    Kind.PHONE: _(
        "The network could not confirm that your main phone is yours. "
        "Have it registered in your name, or bring your ID to a branch."
    ),
}


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


@dataclass(frozen=True)
class Note:
    """What a customer reads about a check: the colour of the note, and the words."""

    kind: str
    text: str


def notes_for(customer) -> list[Note]:
    """
    This will tell a customer how the checks went: kindly, and nothing of what the register holds,
    because the one who reads it may be somebody else.
    """
    return [_note(check) for check in checks_of(customer)]


def _note(check: IdentityCheck) -> Note:
    if check.is_confirmed:
        return Note("ok", CONFIRMED[check.kind])
    if check.is_open:
        return Note("info", ASKED[check.kind])
    return Note("warn", DOUBTED[check.kind])


def held_on(customer) -> list[dict]:
    """This will give what was asked about the customer and how it went, for the copy of data."""
    return [
        {
            "asked_of": check.get_kind_display(),
            "result": check.state,
            "asked": check.asked_at,
            "answered": check.answered_at,
            "likeness_percent": check.scores,
        }
        for check in history_of(customer)
    ]
