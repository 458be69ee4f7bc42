"""The desks of partners' quotas, and of what their apps were told."""

from django.contrib import admin

from accounts.partners.models import PartnerQuota
from accounts.partners.webhook_models import WebhookDelivery
from ledger.approvals.desks import ProposalDesk
from wekeza.kit.workbench import Desk


@admin.register(PartnerQuota)
class PartnerQuotaDesk(ProposalDesk):
    """How many calls an app may make, from a day on; of one app, or of all of a mode."""

    look = "api.look"
    list_display = ["mode", "app", "per_minute", "per_day", "effective_from", "effective_to"]
    list_filter = ["mode"]
    ordering = ["mode", "app", "-effective_from"]


@admin.register(WebhookDelivery)
class WebhookDeliveryDesk(Desk):
    """Which app was told of what, and how that went; never what it was told."""

    look = "api.look"
    list_display = ["id", "app", "event", "subject", "state", "tries", "due_at", "done_at"]
    fields = [*list_display, "event_id", "sequence", "happened_at"]
    list_filter = ["state", "event"]
    list_select_related = ["endpoint__app__partner"]
    ordering = ["-id"]

    @admin.display(description="App")
    def app(self, row):
        """Whose app is told."""
        app = row.endpoint.app
        return f"{app.partner.name}: {app.name} ({app.mode.lower()})"
