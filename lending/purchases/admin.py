"""The desk of how much of a value is lent."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.purchases.models import PurchaseTerm


@admin.register(PurchaseTerm)
class PurchaseTermDesk(ProposalDesk):
    """What of a thing's value a product lends, from a day on."""

    look = "customer.search"
    list_display = ["product", "thing", "most_percent", "effective_from", "effective_to", "source"]
    list_filter = ["product"]
    ordering = ["product__place", "thing", "-effective_from"]
