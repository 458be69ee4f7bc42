"""The desk of limits: what a tier may hold and send, from a day on."""

from django.contrib import admin

from accounts.limits.models import TierLimit
from ledger.approvals.desks import ProposalDesk


@admin.register(TierLimit)
class TierLimitDesk(ProposalDesk):
    """Limits of tiers; of two rows of a kind, the one that started later holds."""

    look = "customer.search"
    list_display = ["tier", "kind", "amount", "currency", "effective_from", "effective_to"]
    list_filter = ["tier", "kind"]
    ordering = ["tier", "kind", "-effective_from"]
