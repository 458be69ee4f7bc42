"""What collections do by the clock."""

from celery import shared_task
from django.utils import timezone

from lending.collections import texts


@shared_task(name="lending.text_late")
def text_late(**_):
    """Text those whose loan is late, or who did not keep a promise; each is told once."""
    return texts.send(at=timezone.now())
