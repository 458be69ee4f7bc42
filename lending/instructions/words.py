"""How the days and the amount of an instruction read, in the reader's language."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from lending.instructions.models import Every, StandingInstruction


def when(every: str, day: int) -> str:
    """This will say which days those are."""
    if every == Every.WEEK:
        return _("Each {weekday}").format(weekday=WEEKDAYS[day - 1])
    return _("Each month on day {day}").format(day=day)


def what(row: StandingInstruction) -> str:
    """This will say how much an instruction pays."""
    return _("What is due") if row.money is None else str(row.money)
