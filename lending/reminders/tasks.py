"""What reminders do by the clock."""

from celery import shared_task
from django.utils import timezone

from lending.reminders import operations


@shared_task(name="lending.remind")
def remind(**_):
    """Text people of what is due; each is told once."""
    return operations.remind(at=timezone.now())
