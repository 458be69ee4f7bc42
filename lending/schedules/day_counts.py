"""Day counts: what part of a year lies between two dates, by the convention of a contract."""

from calendar import isleap
from datetime import date
from decimal import Decimal

from django.db import models


class DayCount(models.TextChoices):
    """Conventions by their names in ISDA 2006, section 4.16: (d), (g) and (b)."""

    ACTUAL_365 = "ACTUAL_365", "Actual/365 (fixed)"
    THIRTY_360 = "THIRTY_360", "30E/360"
    ACTUAL_ACTUAL = "ACTUAL_ACTUAL", "Actual/actual"


def year_part(first: date, last: date, convention: str) -> Decimal:
    """
    This will give what part of a year lies from `first` to `last`; the first day counts, the last
    does not.

    :raises ValueError: if `last` is before `first`.
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    if convention == DayCount.ACTUAL_365:
        return Decimal((last - first).days) / 365
    if convention == DayCount.THIRTY_360:
        return Decimal(_days_of_thirty(first, last)) / 360
    return _by_each_year(first, last)


def _days_of_thirty(first: date, last: date) -> int:
    days = min(last.day, 30) - min(first.day, 30)
    return 360 * (last.year - first.year) + 30 * (last.month - first.month) + days


def _by_each_year(first: date, last: date) -> Decimal:
    """Days of a leap year are a 366th each, days of another a 365th."""
    part = Decimal(0)
    for year in range(first.year, last.year + 1):
        begin, end = max(first, date(year, 1, 1)), min(last, date(year + 1, 1, 1))
        part += Decimal((end - begin).days) / (366 if isleap(year) else 365)
    return part
