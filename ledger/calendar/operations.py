"""Moving the business date and keeping the list of holidays."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from ledger.calendar.models import BusinessDay, Holiday
from ledger.controls import audit
from ledger.refusals import BusinessDateMoved, translated
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

__all__ = [
    "BusinessDateMoved",
    "HolidayKnown",
    "declare_holiday",
    "roll",
    "scheduled",
    "write_year",
]

# Public Holidays Act, cap. 110, schedule; names as gazetted since 2024 (kenya.md 2.4).
FIXED = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (6, 1): "Madaraka Day",
    (10, 10): "Mazingira Day",
    (10, 20): "Mashujaa Day",
    (12, 12): "Jamhuri Day",
    (12, 25): "Christmas Day",
    (12, 26): "Utamaduni Day",
}
ACT = "Public Holidays Act, cap. 110"


class HolidayKnown(Refusal):
    code = "holiday_known"
    status = 409
    text = _("{name} on {day} is in the calendar already.")


def cut_off(*, day: date, moment: datetime, after: int) -> int:
    """
    This will tell where the entries begin that people asked for at `moment` or later, when the open
    date `day` had ended by the clock: the id of the first of them above `after`, or of the next
    entry that comes. Postings in flight are waited for, so nothing below it is to come.

    :raises BusinessDateMoved: if the open date is no longer `day`.
    """
    with transaction.atomic(), translated(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_cut_off(%s, %s, %s)", [day, moment, after])
        return cursor.fetchone()[0]


def roll(*, from_date: date, actor: Actor, written: int | None = None) -> date:
    """
    This will close the business date `from_date` and open the next one, and give that. The date's
    balances are written from its entries after `written`, and a seal closes it.

    :raises BusinessDateMoved: if the open date is no longer `from_date`.
    """
    with transaction.atomic(), translated():
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger_roll_business_date(%s, %s)", [from_date, written])
            opened = cursor.fetchone()[0]
        _audit_day(actor=actor, from_date=from_date, opened=opened)
    return opened


def write_year(year: int) -> None:
    """This will write a year's scheduled Kenyan holidays; a second run adds nothing."""
    for day, name in scheduled(year):
        Holiday.objects.get_or_create(
            country="KE",
            holiday_date=day,
            name=name,
            defaults={"origin": Holiday.Origin.RULE, "source": ACT},
        )


def declare_holiday(
    *, day: date, name: str, gazette: str, actor: Actor, country: str = "KE"
) -> Holiday:
    """
    This will enter a movable or special holiday by hand, from its gazette notice.

    :raises HolidayKnown: if that holiday stands on that day already.
    """
    try:
        with transaction.atomic():
            holiday = Holiday.objects.create(
                country=country,
                holiday_date=day,
                name=name,
                origin=Holiday.Origin.GAZETTE,
                source=gazette,
            )
            audit.record(actor=actor, deed="holiday.declared", subject=holiday, day=day, name=name)
    except IntegrityError as error:
        raise HolidayKnown(name=name, day=day) from error
    return holiday


def scheduled(year: int) -> Iterable[tuple[date, str]]:
    """
    This will give a year's holidays that follow from a rule, Sundays moved.

    A scheduled holiday on a Sunday is observed on the next day that is not itself one (section 4
    of the Act); one on a Saturday does not move. Idd days are declared by hand.
    """
    easter = _easter(year)
    days = {date(year, month, day): name for (month, day), name in FIXED.items()}
    days[easter - timedelta(days=2)] = "Good Friday"
    days[easter + timedelta(days=1)] = "Easter Monday"
    observed = {day: name for day, name in days.items() if day.weekday() != 6}
    for day, name in sorted(days.items()):
        if day.weekday() == 6:
            while day in observed or day in days:
                day += timedelta(days=1)
            observed[day] = name
    return sorted(observed.items())


def _easter(year: int) -> date:
    """Western Easter by the anonymous Gregorian algorithm."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    to_sunday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _audit_day(*, actor: Actor, from_date: date, opened: date) -> None:
    audit.record(
        actor=actor,
        deed="business_date.opened",
        subject=BusinessDay.objects.get(),
        from_date=from_date,
        opened=opened,
    )
