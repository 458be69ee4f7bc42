"""The desks of the model of losses."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.provisions.models import LossTerm, ProvisionTerm, SecurityTerm


@admin.register(ProvisionTerm)
class ProvisionTermDesk(ProposalDesk):
    """The figures of the model of losses, from a day on."""

    look = "customer.search"
    list_display = ["kind", "value", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]


@admin.register(LossTerm)
class LossTermDesk(ProposalDesk):
    """What of a product's loan is lost when it is not paid back, from a day on."""

    look = "customer.search"
    list_display = ["product", "percent", "effective_from", "effective_to", "source"]
    ordering = ["product__place", "-effective_from"]


@admin.register(SecurityTerm)
class SecurityTermDesk(ProposalDesk):
    """What a thing counts for as security, from a day on."""

    look = "customer.search"
    list_display = [
        "thing", "yearly_percent", "haircut_percent", "least_haircut_percent", "effective_from",
        "effective_to", "source",
    ]  # fmt: skip
    ordering = ["thing", "-effective_from"]
