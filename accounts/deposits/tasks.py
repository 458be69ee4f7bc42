"""What happens to accounts by the clock."""

from celery import shared_task
from django.utils import timezone

from accounts.deposits import operations as deposits
from accounts.deposits import queries
from ledger.calendar import queries as calendar
from wekeza.kit.actor import SYSTEM
from wekeza.kit.chunks import id_ranges

CHUNK = 500


@shared_task(name="deposits.follow_limits")
def follow_limits(**_):
    """Hand the accounts whose limit is another today out in chunks; mostly there are none."""
    today = calendar.nairobi_date(timezone.now())
    for first, last in id_ranges(queries.off_their_tier(on=today), CHUNK):
        follow_limits_of.delay(first=first, last=last)


@shared_task(name="deposits.follow_limits_of", acks_late=True)
def follow_limits_of(*, first: int, last: int, **_):
    """Let some accounts follow; done twice it finds none."""
    deposits.follow_limits(first=first, last=last, actor=SYSTEM, at=timezone.now())
