"""The desk of the terms of restructuring."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.restructures.models import RestructureTerm


@admin.register(RestructureTerm)
class RestructureTermDesk(ProposalDesk):
    """How often, how far and for how long a loan may be agreed anew, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
