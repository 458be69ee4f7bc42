"""The desk of the lines of lending."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.lines.models import LendingLine


@admin.register(LendingLine)
class LendingLineDesk(ProposalDesk):
    """On which line of the books each role of lending stands."""

    look = "customer.search"
    list_display = ["role", "line", "effective_from", "source"]
    list_filter = ["role"]
    ordering = ["role", "-effective_from"]
