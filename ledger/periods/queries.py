"""Looking at months and years: what is open, what is closed, and what a year's result is."""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Min

from ledger.calendar.models import BusinessDay
from ledger.journal.models import Entry
from ledger.money import Money
from ledger.periods.models import FinancialYear, Period
from ledger.vouchers.kept import Kept

MOST_MONTHS = 36
KEPT = Kept(
    lines=frozenset({"3020", "3030"}),
    kinds=frozenset({"YEAR_END"}),
    instead=(
        "The end of a year books it. Correct a year that is closed in the open month, on the line "
        "of income or expense."
    ),
)


@dataclass(frozen=True, slots=True)
class Month:
    """One month as it stands: closed or open, and whether it is over by the business date."""

    first_date: date
    last_date: date
    is_closed: bool
    is_over: bool
    is_next: bool  # The earliest that is open: the one that can be closed.
    is_last_closed: bool  # The one that could be opened again.
    row: Period | None

    @property
    def closes_with_its_year(self) -> bool:
        return self.first_date.month == 12

    def __str__(self):
        return f"{self.first_date:%B %Y}"


@dataclass(frozen=True, slots=True)
class YearLine:
    """What stands on one income or expense line for a year, in the direction of the line."""

    code: str
    name: str
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class YearResult:
    """Income, expense and result of a year by value date; each line in the direction it grows."""

    year: int
    lines: list[YearLine]
    income: Money
    expense: Money

    @property
    def result(self) -> Money:
        return self.income - self.expense


def months_of_the_books(*, most: int = MOST_MONTHS) -> list[Month]:
    """
    This will give the months from the first entry's value date to the business date, the newest
    first, at most so many.
    """
    day = BusinessDay.objects.get()
    rows = {row.first_date: row for row in Period.objects.select_related("approval")}
    closed_years = set(FinancialYear.objects.values_list("year", flat=True))
    first = _first_of_month(min(_first_value_date() or day.business_date, day.open_from))
    last_closed = _first_of_month(day.open_from - timedelta(days=1))
    found = []
    for start in _months_back(day.business_date, until=first):
        end = last_day(start)
        found.append(
            Month(
                first_date=start,
                last_date=end,
                is_closed=end < day.open_from,
                is_over=end < day.business_date,
                is_next=start == _first_of_month(day.open_from),
                is_last_closed=start == last_closed
                and start in rows
                and start.year not in closed_years,
                row=rows.get(start),
            )
        )
        if len(found) == most:
            break
    return found


def result_of(year: int) -> YearResult:
    """
    This will give what the year end of a year would move: every income and expense line by value
    date, of which earlier years are zero once they are closed. Lines at zero are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.code, a.name, l.kind, l.normal_side, l.currency, l.amount "
            "FROM ledger_income_until(%s) l JOIN ledger_ledgeraccount a ON a.id = l.account_id "
            "WHERE l.amount <> 0 ORDER BY l.code",
            [date(year, 12, 31)],
        )
        rows = cursor.fetchall()
    sums = {"INCOME": Decimal(0), "EXPENSE": Decimal(0)}
    for _code, _name, kind, side, currency, amount in rows:
        grows_on = "CREDIT" if kind == "INCOME" else "DEBIT"
        if currency == "KES":
            sums[kind] += amount if side == grows_on else -amount
    return YearResult(
        year=year,
        lines=[
            YearLine(code, name, kind, Money.rounded(amount, currency))
            for code, name, kind, _side, currency, amount in rows
        ],
        income=Money.rounded(sums["INCOME"], "KES"),
        expense=Money.rounded(sums["EXPENSE"], "KES"),
    )


def year_to_close() -> int | None:
    """This will give the year whose December is the earliest open month and over, if there is."""
    day = BusinessDay.objects.get()
    year = day.open_from.year
    return year if day.open_from.month == 12 and day.business_date.year > year else None


def closed_years() -> list[FinancialYear]:
    """This will give the years that are closed, the newest first."""
    return list(FinancialYear.objects.order_by("-year"))


def last_day(first: date) -> date:
    """This will give the last day of a month by its first."""
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def _first_value_date() -> date | None:
    """Value dates lie before the business date of their entry by a few months at most."""
    first = Entry.objects.order_by("pk").first()
    if first is None:
        return None
    early = Entry.objects.filter(business_date=first.business_date, pk__lt=first.pk + 1000)
    return early.aggregate(first=Min("value_date"))["first"]


def _months_back(day: date, *, until: date) -> Iterator[date]:
    start = _first_of_month(day)
    while start >= until:
        yield start
        start = _first_of_month(start - timedelta(days=1))


def _first_of_month(day: date) -> date:
    return day.replace(day=1)
