"""The hours of the day in which the law lets a bank contact people about a loan (kenya.md 4.9)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ledger.calendar import queries as calendar
from lending.reminders.models import ReminderTerm


@dataclass(frozen=True, slots=True)
class Hours:
    """From which hour of Nairobi on, and before which."""

    first: int
    end: int

    def has(self, at: datetime) -> bool:
        """People may be contacted at that moment."""
        return self.first <= timezone.localtime(at).hour < self.end


def lawful_at(at: datetime) -> Hours:
    """
    This will give the lawful hours of the day of a moment.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    terms, kinds = ReminderTerm.numbers_on(calendar.nairobi_date(at)), ReminderTerm.Kind
    return Hours(terms[kinds.FROM_HOUR], terms[kinds.TO_HOUR])
