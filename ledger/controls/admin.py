"""Desks of the controls: the trail of deeds, and what is to be told."""

from django.contrib import admin

from ledger.controls.models import AuditEntry, OutboxMessage
from wekeza.kit.workbench import Desk


@admin.register(AuditEntry)
class AuditDesk(Desk):
    """The trail of deeds, to read; nobody edits it, here or elsewhere."""

    look = "audit.look"
    list_display = ["id", "recorded_at", "deed", "subject", "actor"]
    list_filter = ["recorded_at"]
    search_fields = ["deed__startswith", "subject__exact", "actor__exact"]
    search_help_text = "A deed’s beginning, a whole subject or a whole actor"
    ordering = ["-id"]


@admin.register(OutboxMessage)
class OutboxDesk(Desk):
    """Events that wait, were told, or got stuck."""

    look = "api.look"
    list_display = ["id", "event", "state", "attempts", "due_at", "error"]
    list_filter = ["state", "event"]
    ordering = ["-id"]
