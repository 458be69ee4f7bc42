"""The desks of what accounts earn and must hold."""

from django.contrib import admin

from accounts.savings.models import DepositTerm, InterestTerm
from ledger.approvals.desks import ProposalDesk


@admin.register(InterestTerm)
class InterestTermDesk(ProposalDesk):
    """What a product earns, from a day on."""

    look = "customer.search"
    list_display = ["product", "annual_percent", "least_balance", "effective_from", "effective_to"]
    ordering = ["product", "-effective_from"]


@admin.register(DepositTerm)
class DepositTermDesk(ProposalDesk):
    """What must stay in a product's accounts, from a day on."""

    look = "customer.search"
    list_display = [
        "product", "minimum_balance", "opening_deposit", "early_closure_months", "effective_from",
        "effective_to",
    ]  # fmt: skip
    ordering = ["product", "-effective_from"]
