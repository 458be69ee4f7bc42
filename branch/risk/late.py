"""Late loans for those who watch over lending: buckets, how far loans go, promises kept (4.9)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from branch.risk import late_rows
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.collections import queries
from lending.collections.models import CaseStep, CollectionCase, CollectionStep, LoanPromise
from lending.collections.queries import Bucket
from lending.collections.states import PromiseState

MONTHS = 12
PROMISES_OF_DAYS = 90


@dataclass(frozen=True, slots=True)
class Line:
    """The late loans of one bucket: how many, and what of due instalments is not paid, in KES."""

    bucket: Bucket
    count: int
    overdue: Money


@dataclass(frozen=True, slots=True)
class Cohort:
    """Cases that began in one month, and how many percent of them came to each later step."""

    month: date
    count: int
    reached: list[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises of the last days: how many, what they came to, and how many percent were kept."""

    since: date
    kept: int
    broken: int
    open: int
    amount: Money

    @property
    def kept_percent(self) -> Decimal | None:
        judged = self.kept + self.broken
        return round(Decimal(100 * self.kept) / judged, 1) if judged else None


@dataclass(frozen=True, slots=True)
class Late:
    """Late loans as they stood at the last close, and how collecting goes."""

    lines: list[Line]
    days: list[int]
    cohorts: list[Cohort]
    promises: Promises


def cases() -> QuerySet[CollectionCase]:
    """This will give every case of collections, those that are over too."""
    return CollectionCase.objects.all()


def late_of(rows: QuerySet[CollectionCase]) -> Late:
    """This will add up late loans: by bucket now, by the month in which they were late first."""
    today = calendar.business_date()
    steps = sorted((days, code) for code, days in CollectionStep.days_on(today).items())[1:]
    return Late(
        lines=_lines(rows, today),
        days=[days for days, _code in steps],
        cohorts=_cohorts(rows, today, [code for _days, code in steps]),
        promises=_promises(rows, today),
    )


def months_until(day: date) -> list[date]:
    """This will give the first days of the months that are followed, the newest first."""
    first = calendar.month_start(day)
    return [calendar.months_after(first, -back) for back in range(MONTHS)]


def _lines(rows: QuerySet[CollectionCase], today: date) -> list[Line]:
    late = late_rows.late_now(rows).order_by()
    found = []
    for bucket in queries.buckets_on(today):
        sums = late.filter(late_rows.within(bucket)).aggregate(
            count=Count("pk"), overdue=Coalesce(Sum("loan__standing__overdue"), Decimal(0))
        )
        found.append(Line(bucket, sums["count"], Money.rounded(sums["overdue"], "KES")))
    return found


def _cohorts(rows: QuerySet[CollectionCase], today: date, codes: list[str]) -> list[Cohort]:
    since = months_until(today)[-1]
    month = TruncMonth("opened_date")
    begun = rows.filter(opened_date__gte=since).annotate(month=month).values_list("month")
    counts = dict(begun.order_by().annotate(number=Count("pk")))
    reached = (
        CaseStep.objects.filter(case__in=rows, case__opened_date__gte=since)
        .annotate(month=TruncMonth("case__opened_date"))
        .order_by()
        .values_list("month", "code")
        .annotate(number=Count("pk"))
    )
    numbers = {(month, code): number for month, code, number in reached}
    return [
        Cohort(
            month,
            count,
            [
                (code, round(Decimal(100 * numbers.get((month, code), 0)) / count, 1))
                for code in codes
            ],
        )
        for month, count in sorted(counts.items(), reverse=True)
    ]


def _promises(rows: QuerySet[CollectionCase], today: date) -> Promises:
    since = today - timedelta(days=PROMISES_OF_DAYS - 1)
    made = LoanPromise.objects.filter(
        loan__in=rows.values("loan"), made_at__gte=calendar.ends_at(since - timedelta(days=1))
    )
    numbers = dict(made.order_by().values_list("state").annotate(number=Count("pk")))
    amount = made.aggregate(total=Coalesce(Sum("amount"), Decimal(0)))["total"]
    return Promises(
        since=since,
        kept=numbers.get(PromiseState.KEPT, 0),
        broken=numbers.get(PromiseState.BROKEN, 0),
        open=numbers.get(PromiseState.OPEN, 0),
        amount=Money.rounded(amount, "KES"),
    )
