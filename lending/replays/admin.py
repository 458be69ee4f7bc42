"""The desk of the terms of replays."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.replays.models import ReplayTerm


@admin.register(ReplayTerm)
class ReplayTermDesk(ProposalDesk):
    """How far back payments are put right, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
