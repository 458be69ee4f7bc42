"""What documents do by the clock."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.documents import operations as documents
from wekeza.kit.actor import SYSTEM


@shared_task(name="documents.expire")
def expire(**_):
    """Let papers expire whose day is over; a second run finds none."""
    documents.expire_due(on=timezone.localdate(), actor=SYSTEM)


@shared_task(name="documents.sweep")
def sweep(**_):
    """Take away sealed files of undone deeds, a day after; a second run finds none."""
    documents.sweep(before=timezone.now() - timedelta(days=1))
