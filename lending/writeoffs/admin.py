"""The desk of the terms of write-offs."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.writeoffs.models import WriteOffTerm


@admin.register(WriteOffTerm)
class WriteOffTermDesk(ProposalDesk):
    """When a loan may be written off, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
