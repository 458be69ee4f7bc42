"""Money in and out of an account: today, and in a month week by week, for home."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.deposits.queries import Holding
from ledger.money import Money
from wekeza.kit.charts import PairBars, pair_bars

WEEK_STARTS = (1, 8, 15, 22, 29)
# How far the business date may lie from the day on the clock: a night, or a close that waits.
AROUND = timedelta(days=7)
# What moved on an account by business date and side, and whether it was asked for since midnight.
# The key of the postings serves it, and it reads a month of them, however long the history is. It
# is one value, so that home can ask it with others.
MOVED = """(
    SELECT jsonb_agg(jsonb_build_array(day, side, is_today, amount, n))
      FROM (SELECT p.business_date AS day, p.side, e.at >= %s AS is_today,
                   sum(p.amount)::text AS amount, count(*) AS n
              FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
             WHERE p.account_id = %s AND p.shard = 0 AND p.business_date BETWEEN %s AND %s
             GROUP BY 1, 2, 3) AS sums)"""


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved on one business date in one direction, before midnight or since."""

    day: date
    is_in: bool
    is_today: bool
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """Some days of the month and what came in and went out on them."""

    label: str
    money_in: Money
    money_out: Money


@dataclass(frozen=True, slots=True)
class Flow:
    """A month up to a day: its weeks, their totals, the busiest one, and the chart of them."""

    month: date
    weeks: list[Week]
    money_in: Money
    money_out: Money
    busiest: Week
    chart: PairBars


@dataclass(frozen=True, slots=True)
class Today:
    """What came in and went out since midnight in Nairobi, and in how many transactions."""

    money_in: Money
    money_out: Money
    count: int


def parameters(holding: Holding, *, at: datetime) -> list[str]:
    """This will give the parameters of MOVED for an account at a moment."""
    now = timezone.localtime(at)
    midnight, day = now.replace(hour=0, minute=0, second=0, microsecond=0), now.date()
    since = min(day.replace(day=1), day - AROUND)
    account = str(holding.account.ledger_account_id)
    return [midnight.isoformat(), account, since.isoformat(), (day + AROUND).isoformat()]


def read_moved(found: str | None, *, holding: Holding) -> list[Moved]:
    """This will read what MOVED gave."""
    side_in = holding.account.ledger_account.normal_side
    return [
        Moved(date.fromisoformat(day), side == side_in, is_today, Decimal(amount), count)
        for day, side, is_today, amount, count in json.loads(found or "[]")
    ]


def today_of(moved: list[Moved], *, currency: str) -> Today:
    """This will add up what was asked for since midnight, by the clock."""
    todays = [one for one in moved if one.is_today]
    return Today(
        money_in=_sum([one for one in todays if one.is_in], currency),
        money_out=_sum([one for one in todays if not one.is_in], currency),
        count=sum(one.count for one in todays),
    )


def month_flow(moved: list[Moved], *, on: date, currency: str) -> Flow | None:
    """This will add up the month by business date up to a day; None if nothing moved."""
    starts = [start for start in WEEK_STARTS if start <= on.day]
    totals = {start: [Decimal(0), Decimal(0)] for start in starts}
    for one in moved:
        if on.replace(day=1) <= one.day <= on:
            start = max(first for first in starts if first <= one.day.day)
            totals[start][0 if one.is_in else 1] += one.amount
    ends = [start - 1 for start in starts[1:]] + [on.day]
    weeks = [
        Week(_label(start, end), *(Money.rounded(total, currency) for total in totals[start]))
        for start, end in zip(starts, ends, strict=True)
    ]
    chart = pair_bars([(week.label, week.money_in.amount, week.money_out.amount) for week in weeks])
    if chart is None:
        return None
    return Flow(
        month=on.replace(day=1),
        weeks=weeks,
        money_in=sum((week.money_in for week in weeks), Money.zero(currency)),
        money_out=sum((week.money_out for week in weeks), Money.zero(currency)),
        busiest=max(weeks, key=lambda week: week.money_in.amount + week.money_out.amount),
        chart=chart,
    )


def _sum(moved: list[Moved], currency: str) -> Money:
    return Money.rounded(sum((one.amount for one in moved), Decimal(0)), currency)


def _label(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}–{end}"
