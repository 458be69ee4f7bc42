"""The desk of the bounds of taking, showing and keeping papers."""

from django.contrib import admin

from accounts.documents.models import DocumentTerm
from ledger.approvals.desks import ProposalDesk


@admin.register(DocumentTerm)
class DocumentTermDesk(ProposalDesk):
    """Bounds of papers; of two rows of a kind, the one that started later holds."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_from"]
