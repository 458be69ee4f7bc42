"""The desks of logins, and of what a password must be."""

from django.contrib import admin

from accounts.access.models import LoginEvent
from accounts.access.password_models import PasswordPolicy
from ledger.approvals.desks import ProposalDesk
from wekeza.kit.workbench import Desk


@admin.register(LoginEvent)
class LoginDesk(Desk):
    """Attempts to sign in, for support and for the auditor."""

    look = "audit.look"
    list_display = ["id", "created_at", "user", "result", "device", "ip_address"]
    list_filter = ["result"]
    search_fields = ["user__email__exact", "ip_address__exact"]
    ordering = ["-id"]


@admin.register(PasswordPolicy)
class PasswordPolicyDesk(ProposalDesk):
    """What a password must be, from a day on."""

    # Why so: docs/decisions/0014-password-policy.md.
    look = "audit.look"
    list_display = ["effective_from", "effective_to", "least_length", "remembers", "source"]
    ordering = ["-effective_from"]
