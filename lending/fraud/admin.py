"""The desks of the rules of fraud. Only who looks into fraud sees what counts how much."""

from django.contrib import admin

from ledger.approvals.desks import ProposalDesk
from lending.fraud.models import FraudRule, FraudTerm


@admin.register(FraudRule)
class FraudRuleDesk(ProposalDesk):
    """How much a rule counts, from a day on."""

    look = "fraud.look"
    list_display = ["code", "weight", "is_on", "effective_from", "effective_to", "source"]
    ordering = ["code", "-effective_from"]


@admin.register(FraudTerm)
class FraudTermDesk(ProposalDesk):
    """The numbers of the rules, from a day on."""

    look = "fraud.look"
    list_display = ["kind", "number", "effective_from", "effective_to", "source"]
    ordering = ["kind", "-effective_from"]
