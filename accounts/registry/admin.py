"""The desks of identity checks, and of the likeness from which on names are the same."""

from django.contrib import admin

from accounts.registry import operations as registry
from accounts.registry.models import IdentityCheck, MatchThreshold
from ledger.approvals.desks import ProposalDesk
from wekeza.kit.workbench import Desk, action


@admin.register(IdentityCheck)
class IdentityCheckDesk(Desk):
    """Checks by kind and state, the newest first; what came back is sealed."""

    look = "kyc.review"
    list_display = ["id", "customer", "kind", "state", "differing", "asked_at", "answered_at"]
    fields = [
        *(*list_display, "scores", "is_deceased", "provider", "provider_ref", "error"),
        *("finding", "finding_reason", "settled_by", "settled_at"),
    ]
    list_filter = ["state", "kind", "finding"]
    list_select_related = ["customer"]
    ordering = ["-id"]
    actions = ["ask_again"]

    @action("Ask the provider again", permission="kyc.review")
    def ask_again(self, request, queryset):
        """Put unanswered questions once more."""
        self.each(request, queryset, registry.ask_again)


@admin.register(MatchThreshold)
class MatchThresholdDesk(ProposalDesk):
    """From how many percent on names are the same; of two rows of a kind the later start holds."""

    look = "customer.search"
    list_display = ["kind", "least_percent", "effective_from", "effective_to", "source"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_from"]
