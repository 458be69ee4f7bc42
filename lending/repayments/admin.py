"""The desk of the orders in which payments pay."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.repayments.models import AllocationOrder


@admin.register(AllocationOrder)
class AllocationOrderDesk(ProposalDesk):
    """In which order a payment pays what is due of a product's loans, from a day on."""

    look = "customer.search"
    list_display = [
        "product", "standing", "first", "second", "third", "fourth", "effective_from",
        "effective_to",
    ]  # fmt: skip
    list_filter = ["product", "standing"]
    ordering = ["product__place", "-standing", "-effective_from"]
