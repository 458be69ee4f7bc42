"""Desks of approvals: everything that took two persons, and the rules of it."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.module_loading import import_string

from ledger.approvals.desks import ProposalDesk
from ledger.approvals.models import Approval, ApprovalRule
from wekeza.kit.workbench import Desk


@admin.register(Approval)
class ApprovalDesk(Desk):
    """Everything that ever took two persons."""

    look = "audit.look"
    list_display = ["id", "deed", "subject", "state", "maker", "checker", "made_at", "decided_at"]
    list_filter = ["state", "deed"]
    search_fields = ["subject__exact", "maker__exact", "checker__exact"]
    ordering = ["-id"]


@admin.register(ApprovalRule)
class ApprovalRuleDesk(ProposalDesk):
    """Who may ask for what, who may decide it, and for how long it waits."""

    look = "staff.look"
    list_display = [
        "deed", "label", "to_make", "to_check", "checkers", "valid_hours", "effective_from",
    ]  # fmt: skip
    ordering = ["deed", "-effective_from"]

    def formfield_for_dbfield(self, db_field, request, **options):
        """Deeds and permissions are chosen among those there are."""
        choices = []
        if db_field.name == "deed":
            choices = [(name, name) for name in settings.APPROVABLE]
        elif db_field.name in ("to_make", "to_check"):
            rows = import_string(settings.PERMISSIONS)()
            choices = [(row.code, f"{row.code}: {row.label}") for row in rows]
        if choices:
            return forms.ChoiceField(choices=choices, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **options)
