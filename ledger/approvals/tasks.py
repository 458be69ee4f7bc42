"""Letting go of requests that nobody decided in time."""

from celery import shared_task
from django.utils import timezone

from ledger.approvals import operations as approvals
from wekeza.kit.actor import SYSTEM


@shared_task(name="approvals.expire")
def expire(**_):
    """Let whatever waited past its time expire; a second run finds nothing more."""
    approvals.expire_due(at=timezone.now(), actor=SYSTEM)
