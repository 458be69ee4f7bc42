"""What waits at the desk of papers, for tests."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.factories import CustomerFactory
from accounts.kyc.tests.steps import sent
from accounts.registry.models import IdentityCheck


def page_of(name, row):
    return reverse(f"branch:onboarding:{name}", args=[row.public_id])


def request_for_tier_2(**facts):
    return sent(at=timezone.now() + timedelta(seconds=1), **facts)


def doubt(customer=None, **facts):
    """The check of a customer's ID, as if the register had answered it with a no."""
    now = timezone.now()
    row = IdentityCheck.objects.get(customer=customer or CustomerFactory(), kind="ID")
    facts = {
        "state": "MISMATCH", "scores": {"name": 41}, "differing": ["Wambui"], "answered_at": now,
    } | facts  # fmt: skip
    IdentityCheck.objects.filter(pk=row.pk).update(**facts)
    row.refresh_from_db()
    return row
