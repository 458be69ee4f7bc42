"""The desk of what marks on borrowers do."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.watch.models import WatchTerm


@admin.register(WatchTerm)
class WatchTermDesk(ProposalDesk):
    """What a kind of mark on a borrower does, from a day on."""

    look = "customer.search"
    list_display = ["kind", "stage", "declines", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
