"""What KYC does by the clock."""

from celery import shared_task
from django.utils import timezone

from accounts.kyc import renewals
from wekeza.kit.actor import SYSTEM


@shared_task(name="kyc.tell_expiring")
def tell_expiring(**_):
    """Tell customers whose papers or reviews end soon; each is told once."""
    renewals.tell_expiring(at=timezone.now(), actor=SYSTEM)


@shared_task(name="kyc.lower_overdue")
def lower_overdue(**_):
    """Lower tiers whose notice is over; a second run finds none."""
    renewals.lower_overdue(at=timezone.now(), actor=SYSTEM)
