"""What the registry does by the clock."""

from celery import shared_task
from django.utils import timezone

from accounts.registry import operations as registry


@shared_task(name="registry.ask_unanswered")
def ask_unanswered(**_):
    """Ask providers again that were away for a whole day."""
    registry.ask_unanswered(at=timezone.now())
