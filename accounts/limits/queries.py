"""What a tier may hold and send, and how much of it a customer has left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.limits.models import TierLimit
from ledger.calendar import queries as calendar
from ledger.money import Money
from wekeza.kit import wire
from wekeza.kit.wire import Statement

Kind = TierLimit.Kind

# The limits of a tier in force on a day; of two rows of a kind, the one that started later. It is
# one value, so that a deed can ask for it in a statement of its own.
LIMITS = """(
    SELECT jsonb_object_agg(l.kind, l.amount::text ORDER BY l.effective_from)
      FROM accounts_tierlimit l
     WHERE l.tier_id = {tier} AND l.currency = %s AND l.effective_from <= %s
       AND (l.effective_to IS NULL OR l.effective_to >= %s))"""
_LIMITS = Statement.of("limits", f"SELECT {LIMITS.format(tier='%s')}")
# What somebody has used of the day's and the month's limits, by kind; one value as well.
USED = """(
    SELECT jsonb_object_agg(c.kind, c.used::text)
      FROM ledger_counter c
     WHERE c.owner_ref = %s AND (c.kind = 'DAILY_OUT' AND c.period_start = %s
                                 OR c.kind = 'MONTHLY_OUT' AND c.period_start = %s))"""
ROOM = f"{LIMITS.format(tier='%s')}, {USED}"
_ROOM = Statement.of("room", f"SELECT {ROOM}")


class NoLimitRow(LookupError):
    """No row is in force: a gap in the bank's own tables. Nothing is sent without a limit."""


@dataclass(frozen=True, slots=True)
class Used:
    """A counted limit: its cap (None is no limit), what is used, and when it starts again."""

    cap: Money | None
    used: Money
    starts_again: date

    @property
    def left(self) -> Money | None:
        if self.cap is None:
            return None
        return max(self.cap - self.used, Money.zero(self.cap.currency))


@dataclass(frozen=True, slots=True)
class Room:
    """How much a customer may still send: in one payment, today and this month (Nairobi)."""

    per_transfer: Money | None
    day: Used
    month: Used
    pin_up_to: Money | None

    @property
    def most(self) -> Money | None:
        """The largest single payment that passes every limit now; None when there is none."""
        bounds = [self.per_transfer, self.day.left, self.month.left]
        return min((bound for bound in bounds if bound is not None), default=None)


def limit_of(tier: str, kind: str, *, on: date) -> Money | None:
    """
    This will give one limit of a tier on a day; None means that the tier has no such limit.

    Limits follow the tier table of the bank (mission 002: 500,000 a day, 2,000,000 a month at the
    highest tier). A tier without a row is an error, never an open door.
    """
    return limits_of(tier, on=on)[kind]


def limits_of(tier: str, *, on: date, currency: str = "KES") -> Mapping[str, Money | None]:
    """This will give every limit of a tier on a day, by kind, in one query."""
    [found] = wire.first_row(_LIMITS, [tier, *as_of(on, currency)])
    return read_limits(found, tier=tier, on=on, currency=currency)


def as_of(day: date, currency: str) -> list[str]:
    """This will give the parameters of LIMITS for a day."""
    return [currency, day.isoformat(), day.isoformat()]


def read_limits(found: str | None, *, tier: str, on: date, currency: str) -> Mapping:
    """This will read what LIMITS gave: amounts as text by kind, None where a tier has no limit."""
    read = _Limits(tier, on)
    for kind, amount in json.loads(found or "{}").items():
        read[kind] = None if amount is None else Money.rounded(Decimal(amount), currency)
    return read


def room_left(party, at: datetime) -> Room:
    """
    This will tell how much a customer or a business may send at a moment, for showing. Posting
    decides.

    The day and the month are Nairobi's, by the clock and not by the business date (decision 8).
    """
    return read_room(*wire.first_row(_ROOM, room_of(party, at)), party=party, at=at)


def room_of(party, at: datetime) -> list[str]:
    """This will give the parameters of ROOM for a customer or a business."""
    today = calendar.nairobi_date(at)
    days = [today.isoformat(), calendar.month_start(today).isoformat()]
    return [party.tier_id, *as_of(today, "KES"), party.owner_ref, *days]


def read_room(found: str | None, counted: str | None, *, party, at: datetime) -> Room:
    """This will read what ROOM gave: the limits in force, and what is used of them."""
    today = calendar.nairobi_date(at)
    limits = read_limits(found, tier=party.tier_id, on=today, currency="KES")
    used = json.loads(counted or "{}")
    next_month = calendar.month_start(calendar.month_start(today) + timedelta(days=32))
    return Room(
        per_transfer=limits[Kind.PER_TRANSFER],
        day=_used(limits, used, Kind.DAILY_OUT, today + timedelta(days=1)),
        month=_used(limits, used, Kind.MONTHLY_OUT, next_month),
        pin_up_to=limits[Kind.PIN_UP_TO],
    )


def _used(limits, used, kind, starts_again) -> Used:
    return Used(limits[kind], Money.rounded(Decimal(used.get(kind, 0)), "KES"), starts_again)


class _Limits(dict):
    """Limits by kind that complain when one is asked for that has no row."""

    def __init__(self, tier: str, day: date):
        super().__init__()
        self._where = f"tier {tier} on {day}"

    def __missing__(self, kind):
        raise NoLimitRow(f"{kind} of {self._where}")
