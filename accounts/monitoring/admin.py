"""The desk of the monitor's clocks: how long a verdict and a report may take."""

from django.contrib import admin

from accounts.monitoring.models import MonitorClock
from ledger.approvals.desks import ProposalDesk


@admin.register(MonitorClock)
class MonitorClockDesk(ProposalDesk):
    """Clocks; of two rows of a kind, the one that started later holds."""

    look = "monitor.look"
    list_display = ["kind", "hours", "effective_from", "effective_to", "source"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_from"]
