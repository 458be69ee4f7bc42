"""The desk of the papers that businesses bring."""

from django.contrib import admin

from accounts.businesses.paper_models import PaperRequirement
from ledger.approvals.desks import ProposalDesk


@admin.register(PaperRequirement)
class PaperRequirementDesk(ProposalDesk):
    """What a business of a legal form brings; of two rows of a paper the later start holds."""

    look = "customer.search"
    list_display = ["legal_form", "kind", "is_required", "effective_from", "effective_to"]
    list_filter = ["legal_form"]
    ordering = ["legal_form", "kind", "-effective_from"]
