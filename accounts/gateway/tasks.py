"""What the gateway does by the clock."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.access import tokens
from accounts.gateway import operations as gateway

CALLS_KEPT = timedelta(days=400)  # A year and a month, so that two Novembers can be compared.
TOKENS_KEPT = timedelta(days=90)


@shared_task(name="gateway.forget_calls")
def forget_calls(**_):
    """Let the log of calls go when its days are over."""
    gateway.forget(before=timezone.now() - CALLS_KEPT)


@shared_task(name="gateway.forget_tokens")
def forget_tokens(**_):
    """Let families of tokens go that ended long ago; the audit trail keeps what happened."""
    tokens.forget(before=timezone.now() - TOKENS_KEPT)
