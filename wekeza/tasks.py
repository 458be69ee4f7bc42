"""Tasks of the roof: telling events to the floors that the registry names."""

from celery import shared_task
from django.utils import timezone
from django.utils.module_loading import import_string

from ledger.controls import outbox
from wekeza.wiring import EVENTS


@shared_task(name="outbox.sweep")
def sweep_outbox(**_):
    """Hand due events to their handlers; two at once never hold the same event."""
    return outbox.sweep(handlers=handlers(), at=timezone.now())


def handlers() -> dict[str, list]:
    """This will give the registry of events with its dotted paths made into functions."""
    return {event: [import_string(path) for path in paths] for event, paths in EVENTS.items()}
