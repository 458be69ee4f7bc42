"""The days of each week or month on which an instruction pays; arithmetic only."""

from calendar import monthrange
from datetime import date, timedelta

from django.db.models import Q

from lending.instructions.models import Every

ONE_DAY = timedelta(days=1)


def first_from(start: date, *, every: str, day: int) -> date:
    """This will give the first day of its kind on `start` or after it."""
    if every == Every.WEEK:
        return start + timedelta(days=(day - start.isoweekday()) % 7)
    here = _in_month_of(start, day)
    if here >= start:
        return here
    return _in_month_of(start.replace(day=1) + timedelta(days=31), day)


def those_of(today: date) -> Q:
    """This will pick the instructions whose day it is; a short month's last day is that of all."""
    is_last = (today + ONE_DAY).day == 1
    of_month = Q(day__gte=today.day) if is_last else Q(day=today.day)
    return Q(every=Every.WEEK, day=today.isoweekday()) | Q(every=Every.MONTH) & of_month


def _in_month_of(some_day: date, day: int) -> date:
    return some_day.replace(day=min(day, monthrange(some_day.year, some_day.month)[1]))
