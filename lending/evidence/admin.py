"""The desk of what products ask for."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.evidence.models import LoanRequirement


@admin.register(LoanRequirement)
class LoanRequirementDesk(ProposalDesk):
    """What a product asks for, from a day on."""

    look = "customer.search"
    list_display = ["product", "needs", "is_asked", "effective_from", "effective_to", "source"]
    list_filter = ["product"]
    ordering = ["product__place", "needs", "-effective_from"]
