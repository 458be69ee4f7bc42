"""The desks of prices and of the excise on them."""

from django.contrib import admin

from accounts.tariffs.models import ExciseRate, Tariff, TaxRate
from ledger.approvals.desks import ProposalDesk


@admin.register(Tariff)
class TariffDesk(ProposalDesk):
    """What customers pay for a service, excise included, from a day on."""

    look = "customer.search"
    list_display = ["code", "amount", "currency", "excise_class", "effective_from", "effective_to"]
    list_filter = ["excise_class"]
    ordering = ["code", "-effective_from"]


@admin.register(ExciseRate)
class ExciseDesk(ProposalDesk):
    """The excise on fees, from a day on."""

    look = "customer.search"
    list_display = ["excise_class", "rate_percent", "effective_from", "effective_to", "source"]
    ordering = ["excise_class", "-effective_from"]


@admin.register(TaxRate)
class TaxDesk(ProposalDesk):
    """What is kept back for the revenue authority, from a day on."""

    look = "customer.search"
    list_display = ["kind", "rate_percent", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
