"""What the calendar does by the clock."""

from celery import shared_task
from django.utils import timezone

from ledger.calendar import operations as calendar
from wekeza.kit.actor import SYSTEM


@shared_task(name="calendar.follow_the_clock")
def follow_the_clock(**_):
    """Open each business date up to today's in Nairobi; a second run opens none."""
    calendar.follow_the_clock(at=timezone.now(), actor=SYSTEM)


@shared_task(name="calendar.write_next_year")
def write_next_year(**_):
    """Write next year's scheduled holidays; a second run adds none."""
    calendar.write_year(timezone.localdate().year + 1)
