"""The desks of the terms by which businesses are lent to."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.business.models import BusinessTerm, EvidenceTerm


@admin.register(BusinessTerm)
class BusinessTermDesk(ProposalDesk):
    """By what a business's limit is worked out and judged, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]


@admin.register(EvidenceTerm)
class EvidenceTermDesk(ProposalDesk):
    """What part of a turnover counts by how it is shown, from a day on."""

    look = "customer.search"
    list_display = ["evidence", "factor", "effective_from", "effective_to", "source"]
    ordering = ["-factor", "-effective_from"]
