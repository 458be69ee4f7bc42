"""The desks of the terms by which the score is watched."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.monitoring.models import MonitorTerm, OutcomeTerm, ReferenceTerm


@admin.register(OutcomeTerm)
class OutcomeTermDesk(ProposalDesk):
    """When a loan counts as bad, from a day on."""

    look = "customer.search"
    list_display = ["product", "late_days", "within_days", "effective_from", "effective_to"]
    ordering = ["product__place", "-effective_from"]


@admin.register(MonitorTerm)
class MonitorTermDesk(ProposalDesk):
    """The figures by which the score is watched, from a day on."""

    look = "customer.search"
    list_display = ["kind", "value", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]


@admin.register(ReferenceTerm)
class ReferenceTermDesk(ProposalDesk):
    """To which days a card's months are compared, from a day on."""

    look = "customer.search"
    list_display = ["scorecard", "first_day", "last_day", "effective_from", "effective_to"]
    ordering = ["scorecard", "-effective_from"]
