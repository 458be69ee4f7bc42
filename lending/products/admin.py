"""The desks of what the bank lends and at which prices."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.products.models import GradePrice, LendingLimit, LoanTerm, SectorTerm


@admin.register(LoanTerm)
class LoanTermDesk(ProposalDesk):
    """What a product's new loans are like, from a day on."""

    look = "customer.search"
    list_display = [
        "product", "percent", "fee_percent", "least_amount", "most_amount", "effective_from",
        "effective_to",
    ]  # fmt: skip
    list_filter = ["product"]
    ordering = ["product__place", "-effective_from"]


@admin.register(GradePrice)
class GradePriceDesk(ProposalDesk):
    """The rate of a product by score, from a day on."""

    look = "customer.search"
    list_display = ["product", "from_score", "percent", "effective_from", "effective_to"]
    list_filter = ["product"]
    ordering = ["product__place", "-from_score", "-effective_from"]


@admin.register(SectorTerm)
class SectorDesk(ProposalDesk):
    """What a sector adds to a business's rate, from a day on."""

    look = "customer.search"
    list_display = ["name", "risk", "turnover_factor", "adds_percent", "effective_from"]
    ordering = ["adds_percent", "name", "-effective_from"]


@admin.register(LendingLimit)
class LendingLimitDesk(ProposalDesk):
    """What binds every product, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
