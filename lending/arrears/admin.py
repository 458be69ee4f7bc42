"""The desks of the terms of arrears."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.arrears.models import ArrearsTerm, ClassTerm


@admin.register(ClassTerm)
class ClassTermDesk(ProposalDesk):
    """From how many days past due a loan is in which class, from a day on."""

    look = "customer.search"
    list_display = [
        "loan_class", "from_days", "provision_percent", "is_performing", "effective_from",
        "effective_to",
    ]  # fmt: skip
    list_filter = ["loan_class"]
    ordering = ["from_days", "-effective_from"]


@admin.register(ArrearsTerm)
class ArrearsTermDesk(ProposalDesk):
    """From when a loan is late, and how its class gets better, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
