"""What access does by the clock."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.access import operations as access
from accounts.access import sessions, tokens

KEPT = timedelta(hours=24)


@shared_task(name="access.forget_unfinished")
def forget_unfinished(**_):
    """Let go of e-mail addresses whose registration stopped before the phone was confirmed."""
    access.forget_unfinished(before=timezone.now() - KEPT)


@shared_task(name="access.end_stale_sessions")
def end_stale_sessions(**_):
    """Write down the end of sessions that idled and that nobody came back to."""
    sessions.end_stale(at=timezone.now())
    tokens.end_spent(at=timezone.now())
