"""What the monitor does by the clock."""

from celery import shared_task
from django.utils import timezone

from accounts.monitoring import operations as monitoring
from wekeza.kit.actor import SYSTEM

MOST_CHUNKS = 500


@shared_task(name="monitoring.watch")
def watch(**_):
    """Look at what was paid since the last run, chunk after chunk; a second run finds no more."""
    for _chunk in range(MOST_CHUNKS):
        if not monitoring.watch_next(at=timezone.now(), actor=SYSTEM):
            return
