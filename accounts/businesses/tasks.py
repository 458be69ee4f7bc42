"""What happens to the people of all businesses when a list changes."""

from celery import shared_task
from django.utils import timezone

from accounts.businesses import screening
from accounts.businesses.models import Business
from accounts.screening import rescreening
from wekeza.kit.chunks import UNTIL_DONE, id_ranges

CHUNK = 100


def screen_all(*, version: int, **_):
    """Hand all businesses out in chunks, their people compared with what the version brought."""
    ranges = id_ranges(Business.objects.all(), CHUNK)
    for first, last in rescreening.hand_out(version=version, room="businesses", ranges=ranges):
        screen_chunk.delay(first=first, last=last, version=version)


@shared_task(name="businesses.screen_chunk", acks_late=True, **UNTIL_DONE)
def screen_chunk(*, first: int, last: int, version: int, **_):
    """Compare the people of some businesses; done twice it opens no case twice."""
    screening.screen_changes(first=first, last=last, version=version, at=timezone.now())
