"""What businesses do by the clock, and what happens to their people when a list changes."""

from celery import shared_task
from django.utils import timezone

from accounts.businesses import renewals, screening
from accounts.businesses.models import Business
from accounts.screening import rescreening
from wekeza.kit.actor import SYSTEM
from wekeza.kit.chunks import UNTIL_DONE, id_ranges

CHUNK = 100


@shared_task(name="businesses.tell_expiring")
def tell_expiring(**_):
    """Tell directors whose papers end soon; each paper is told of once."""
    renewals.tell_expiring(at=timezone.now(), actor=SYSTEM)


def screen_all(*, version: int, **_):
    """Hand all businesses out in chunks, their people compared with what the version brought."""
    ranges = id_ranges(Business.objects.all(), CHUNK)
    for first, last in rescreening.hand_out(version=version, room="businesses", ranges=ranges):
        screen_chunk.delay(first=first, last=last, version=version)


@shared_task(name="businesses.screen_chunk", acks_late=True, **UNTIL_DONE)
def screen_chunk(*, first: int, last: int, version: int, **_):
    """Compare the people of some businesses; done twice it opens no case twice."""
    screening.screen_changes(first=first, last=last, version=version, at=timezone.now())
