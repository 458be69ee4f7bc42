"""Money in and out of an account: today, and in a month week by week, for home."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from accounts.deposits.queries import Holding
from ledger.journal.models import Posting
from ledger.money import Money
from wekeza.kit.charts import PairBars, pair_bars

WEEK_STARTS = (1, 8, 15, 22, 29)
# How far the business date may lie from the day on the clock: a night, or a close that waits.
AROUND = timedelta(days=7)


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


def today_of(holding: Holding, *, midnight: datetime) -> Today:
    """
    This will add up what was asked for since `midnight`, by the clock and not the business date.

    One query over the last days of one account, however long its history is.
    """
    into = Q(side=holding.account.ledger_account.normal_side)
    day = midnight.date()
    sums = Posting.objects.filter(
        account_id=holding.account.ledger_account_id,
        shard=0,
        business_date__range=(day - AROUND, day + AROUND),
        entry__at__gte=midnight,
    ).aggregate(
        money_in=Sum("amount", filter=into, default=Decimal(0)),
        money_out=Sum("amount", filter=~into, default=Decimal(0)),
        count=Count("sequence"),
    )
    currency = holding.balance.currency
    return Today(
        money_in=Money.rounded(sums["money_in"], currency),
        money_out=Money.rounded(sums["money_out"], currency),
        count=sums["count"],
    )


def month_flow(holding: Holding, *, on: date) -> Flow | None:
    """
    This will add up the postings of the month by business date; None if nothing moved.

    One query over one month of one account, which the key of the postings serves.
    """
    sums = (
        Posting.objects.filter(
            account_id=holding.account.ledger_account_id,
            shard=0,
            business_date__range=(on.replace(day=1), on),
        )
        .values_list("business_date", "side")
        .annotate(Sum("amount"))
    )
    currency = holding.balance.currency
    side_in = holding.account.ledger_account.normal_side
    starts = [start for start in WEEK_STARTS if start <= on.day]
    totals = {start: [Decimal(0), Decimal(0)] for start in starts}
    for day, side, amount in sums:
        start = max(first for first in starts if first <= day.day)
        totals[start][0 if side == side_in else 1] += amount
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


def _label(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}–{end}"
