"""What partners' room does by the clock."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.partners import consents, deliveries

KEPT = timedelta(days=365)


@shared_task(name="partners.deliver")
def deliver(**_):
    """Send the events that wait for apps; several at once take different ones."""
    return deliveries.deliver_due(clock=timezone.now)


@shared_task(name="partners.forget_spent")
def forget_spent(**_):
    """Forget used codes and tokens that no consent can stand behind any more."""
    return consents.forget_spent(before=timezone.now() - KEPT)
