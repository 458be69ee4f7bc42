"""What happens to all customers when a list changes."""

from celery import shared_task
from django.utils import timezone

from accounts.customers import standing
from accounts.customers.models import Customer
from accounts.screening import rescreening
from wekeza.kit.chunks import UNTIL_DONE, id_ranges

CHUNK = 500


def screen_all(*, version: int, **_):
    """Hand all customers out in chunks, each compared with what the version brought."""
    ranges = id_ranges(Customer.objects.all(), CHUNK)
    for first, last in rescreening.hand_out(version=version, room="customers", ranges=ranges):
        screen_chunk.delay(first=first, last=last, version=version)


@shared_task(name="customers.screen_chunk", acks_late=True, **UNTIL_DONE)
def screen_chunk(*, first: int, last: int, version: int, **_):
    """Compare some customers; done twice it opens no case twice."""
    standing.screen_changes(first=first, last=last, version=version, at=timezone.now())
