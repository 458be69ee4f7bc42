"""The desk of logins: who came in, who was turned away."""

from django.contrib import admin

from accounts.access.models import LoginEvent
from wekeza.kit.workbench import Desk


@admin.register(LoginEvent)
class LoginDesk(Desk):
    """Attempts to sign in, for support and for the auditor."""

    look = "audit.look"
    list_display = ["id", "created_at", "user", "result", "device", "ip_address"]
    list_filter = ["result"]
    search_fields = ["user__email__exact", "ip_address__exact"]
    ordering = ["-id"]
