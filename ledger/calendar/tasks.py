"""What the calendar does by the clock."""

from celery import shared_task
from django.utils import timezone

from ledger.calendar import operations as calendar


@shared_task(name="calendar.write_next_year")
def write_next_year(**_):
    """Write next year's scheduled holidays; a second run adds none."""
    calendar.write_year(timezone.localdate().year + 1)
