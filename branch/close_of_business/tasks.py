"""The close of business by the clock."""

import time

from celery import shared_task
from django.utils import timezone

from branch.close_of_business import operations as close
from branch.demo_year.queries import year_in_the_making
from wekeza.kit.actor import SYSTEM

AT_ONCE = 45  # Seconds that one task works; beat sends the next each minute.


@shared_task(name="close_of_business.go_on")
def go_on(**_):
    """Close what has ended by the clock; two at once share the chunks."""
    if year_in_the_making() is not None:
        return  # The demo bank's story closes its own dates.
    end = time.monotonic() + AT_ONCE
    close.follow_the_clock(at=timezone.now(), actor=SYSTEM, is_over=lambda: time.monotonic() >= end)
