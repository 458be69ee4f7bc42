"""The desk of the bounds of making and keeping statements as files."""

from django.contrib import admin

from accounts.statements.models import StatementTerm
from ledger.approvals.desks import ProposalDesk


@admin.register(StatementTerm)
class StatementTermDesk(ProposalDesk):
    """Bounds of statements as files; of two rows of a kind, the one that started later holds."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_from"]
