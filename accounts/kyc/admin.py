"""The desks of what tiers ask for, and of the clocks of KYC."""

from django.contrib import admin

from accounts.kyc.models import KycTerm, TierRequirement
from ledger.approvals.desks import ProposalDesk


@admin.register(KycTerm)
class KycTermDesk(ProposalDesk):
    """Clocks and ages of KYC; of two rows of a kind, the one that started later holds."""

    look = "customer.search"
    list_display = ["kind", "number", "effective_from", "effective_to"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_from"]


@admin.register(TierRequirement)
class TierRequirementDesk(ProposalDesk):
    """What a tier asks for beside what the tiers below it ask for, from a day on."""

    look = "customer.search"
    list_display = ["tier", "needs", "is_document", "effective_from", "effective_to"]
    list_filter = ["tier"]
    ordering = ["tier", "needs", "-effective_from"]
