"""The desk of the figures of name screening."""

from django.contrib import admin

from accounts.screening.models import ScreeningTerms
from ledger.approvals.desks import ProposalDesk


@admin.register(ScreeningTerms)
class ScreeningTermsDesk(ProposalDesk):
    """From which likeness somebody looks, and from which the owner is held; from a day on."""

    look = "screening.look"
    list_display = [
        "effective_from",
        "effective_to",
        "block_from",
        "review_from",
        "shrink_most",
        "source",
    ]
    ordering = ["-effective_from"]
