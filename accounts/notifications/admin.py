"""The desk of messages: what was told to whom, without its words."""

from django.contrib import admin

from accounts.notifications.models import Message
from wekeza.kit.workbench import Desk


@admin.register(Message)
class MessageDesk(Desk):
    """Texts and e-mails by kind and state; their words are sealed, and erased on delivery."""

    look = "api.look"
    list_display = ["id", "created_at", "user", "channel", "kind", "state", "provider", "error"]
    fields = list_display
    list_filter = ["state", "channel", "kind"]
    ordering = ["-id"]
