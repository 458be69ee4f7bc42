"""Tasks of the roof: telling events to the floors that the registry names, and backups."""

import subprocess
import sys

from celery import shared_task
from django.utils import timezone
from django.utils.module_loading import import_string

from ledger.controls import outbox
from wekeza.runtime import env
from wekeza.wiring import EVENTS

BACKUP = [sys.executable, "-m", "wekeza.runtime.backup", "--daily"]
LONG = 6 * 3600  # Seconds, for the backup of a large bank.


@shared_task(name="outbox.sweep")
def sweep_outbox(**_):
    """Hand due events to their handlers; two at once never hold the same event."""
    return outbox.sweep(handlers=handlers(), at=timezone.now())


# Taken from the queue at once, so that one that takes hours is not handed to a second worker.
@shared_task(name="backups.daily", acks_late=False, soft_time_limit=LONG, time_limit=LONG + 60)
def back_up_daily(**_):
    """
    Back up in a process of its own, which reads as a role that may read all. A second run on the
    same day finds nothing to do; what fails stands in the book of backups.
    """
    subprocess.run(BACKUP, cwd=env.ROOT, check=True, stdin=subprocess.DEVNULL)  # noqa: S603


def handlers() -> dict[str, list]:
    """This will give the registry of events with its dotted paths made into functions."""
    return {event: [import_string(path) for path in paths] for event, paths in EVENTS.items()}
