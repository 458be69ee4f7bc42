"""The desk of the terms of reminders."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.reminders.models import ReminderTerm


@admin.register(ReminderTerm)
class ReminderTermDesk(ProposalDesk):
    """When people are reminded, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
