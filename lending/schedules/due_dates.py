"""When instalments are due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from ledger.calendar.queries import months_after


class Frequency(models.TextChoices):
    ONCE = "ONCE", "Once, at the end"
    WEEKLY = "WEEKLY", "Every week"
    BIWEEKLY = "BIWEEKLY", "Every two weeks"
    MONTHLY = "MONTHLY", "Every month"


DAYS = {Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14}


@dataclass(frozen=True, slots=True)
class DueDate:
    """
    When an instalment is due, and the day that its interest runs to: `contractual`, on which it
    would be due if that were a business day.
    """

    due: date
    contractual: date


def due_dates(
    start: date, *, frequency: str, number: int, next_business_day: Callable[[date], date]
) -> list[DueDate]:
    """
    This will give the due dates of so many instalments of a loan that began on `start`, weekly,
    every two weeks or monthly. A month without the day takes its last one, and the next month
    returns to the day. What falls on no business day is due on the next one; interest still runs to
    the day of the contract, so that a holiday costs nobody anything.
    """
    days = [_nth(start, frequency, nth) for nth in range(1, number + 1)]
    return [DueDate(next_business_day(day), day) for day in days]


def due_once(start: date, *, days: int, next_business_day: Callable[[date], date]) -> list[DueDate]:
    """This will give the one due date of a loan of so many days."""
    day = start + timedelta(days=days)
    return [DueDate(next_business_day(day), day)]


def _nth(start: date, frequency: str, nth: int) -> date:
    if frequency == Frequency.MONTHLY:
        return months_after(start, nth)
    return start + timedelta(days=DAYS[Frequency(frequency)] * nth)
