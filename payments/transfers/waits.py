"""
What a customer may send in the day after a way to reach them, or their PIN, was changed: a little,
so that whoever did it in their place meets the owner, who was told, before large money leaves.
"""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.access import queries as access_queries
from accounts.access.models import User
from accounts.limits.queries import Room
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.money import Money

# What a PIN sends in its first day in the place of a forgotten one; its cap is PIN_UP_TO.
NEW_PIN_OUT = "NEW_PIN_OUT"


@dataclass(frozen=True, slots=True)
class Wait:
    """
    Until when large payments wait, and the most that can be sent before, within the other limits:
    in one payment, or, with a new PIN in the place of a forgotten one, in all (`is_in_all`).
    """

    until: datetime
    most: Money
    is_in_all: bool


def wait_of(user: User, *, owner_ref: str, room: Room, at: datetime) -> Wait | None:
    """This will tell what a customer may send while large payments wait, or None if none do."""
    until = access_queries.opens_after(user.factor_changed_at, at=at)
    if until is None:  # A new PIN is such a change too.
        return None
    most, nothing = room.pin_up_to or Money.zero(), Money.zero()
    replaced_at = access_queries.pin_replaced_at(user)
    is_new = access_queries.opens_after(replaced_at, at=at) is not None
    if is_new:
        day = calendar.nairobi_date(replaced_at)
        spent = chart.used(owner_ref=owner_ref, kind=NEW_PIN_OUT, period_start=day)
        most -= Money.rounded(spent, most.currency)
    if room.most is not None:
        most = min(most, room.most)
    return Wait(until, max(most, nothing), is_in_all=is_new)


def day_of_new_pin(user: User) -> date:
    """
    This will give the Nairobi day on which a PIN took the place of a forgotten one: all that it
    sends in its first 24 hours is counted there, whether midnight lies between or not.
    """
    return calendar.nairobi_date(access_queries.pin_replaced_at(user))
