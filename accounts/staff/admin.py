"""The desk of the rules about staff."""

from django.contrib import admin

from accounts.staff.models import StaffTerm
from ledger.approvals.desks import ProposalDesk


@admin.register(StaffTerm)
class StaffTermDesk(ProposalDesk):
    """Figures of emergencies; of two rows of a kind, the one that started later holds."""

    look = "staff.look"
    list_display = ["kind", "number", "effective_from", "effective_to"]
    ordering = ["kind", "-effective_from"]
