"""Looking at the bank's day: the open business date, holidays, business days."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ledger.calendar.models import BusinessDay, Holiday

NAIROBI = ZoneInfo("Africa/Nairobi")


def business_date() -> date:
    """This will give the open business date. It is the bank's own, not the clock's."""
    return BusinessDay.objects.values_list("business_date", flat=True).get()


def opened_after() -> int:
    """This will give the last entry that was booked before the open business date was opened."""
    return BusinessDay.objects.values_list("opened_after", flat=True).get()


def ends_at(day: date) -> datetime:
    """This will give the moment when a day ends in Nairobi: the midnight after it."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), NAIROBI)


def nairobi_date(at: datetime) -> date:
    """This will give the calendar day in Nairobi (UTC+3, no summer time) of a moment."""
    return at.astimezone(NAIROBI).date()


def month_start(day: date) -> date:
    """This will give the first of the day's month."""
    return day.replace(day=1)


def months_after(day: date, months: int) -> date:
    """This will give the same day of a later month, or of an earlier one, or its last."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def is_holiday(day: date, *, country: str = "KE") -> bool:
    """This will tell whether a public holiday stands on the day."""
    return Holiday.objects.filter(country=country, holiday_date=day).exists()


def is_business_day(day: date, *, country: str = "KE") -> bool:
    """This will tell whether banks settle on the day: Monday to Friday and no holiday."""
    return day.weekday() < 5 and not is_holiday(day, country=country)


def business_days(first: date, last: date, *, country: str = "KE") -> Callable[[date], date]:
    """
    This will read the holidays of a span once, and give what gives a day of it or the first
    business day after it.
    """
    rest = set(
        Holiday.objects.filter(
            country=country, holiday_date__range=(first, last + timedelta(days=60))
        ).values_list("holiday_date", flat=True)
    )

    def settled(day: date) -> date:
        while day.weekday() >= 5 or day in rest:
            day += timedelta(days=1)
        return day

    return settled


def next_business_day(day: date, *, country: str = "KE") -> date:
    """This will give the day itself or the first business day after it (FOLLOWING)."""
    return business_days(day, day, country=country)(day)


def business_days_after(day: date, number: int, *, settled: Callable[[date], date]) -> date:
    """
    This will give the last of so many business days that follow a day; `settled` is what
    `business_days` of a span with the day gives.
    """
    for _ in range(number):
        day = settled(day + timedelta(days=1))
    return day
