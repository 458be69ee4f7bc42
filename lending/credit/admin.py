"""The desks of the credit policy."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.credit.models import CreditCap, CreditTerm, ProductCap


@admin.register(CreditTerm)
class CreditTermDesk(ProposalDesk):
    """By what a limit is worked out, from a day on."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]


@admin.register(CreditCap)
class CreditCapDesk(ProposalDesk):
    """The most that a tier is lent, from a day on."""

    look = "customer.search"
    list_display = ["tier", "amount", "effective_from", "effective_to", "source"]
    ordering = ["tier", "-effective_from"]


@admin.register(ProductCap)
class ProductCapDesk(ProposalDesk):
    """The most that a tier is lent of a product, from a day on."""

    look = "customer.search"
    list_display = ["product", "tier", "amount", "effective_from", "effective_to", "source"]
    list_filter = ["product"]
    ordering = ["product__place", "tier", "-effective_from"]
