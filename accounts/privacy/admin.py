"""The desks of privacy: requests with their clock, and who opened whose file."""

from django.contrib import admin

from accounts.privacy.models import DataRequest, FileView
from wekeza.kit.workbench import Desk


@admin.register(DataRequest)
class DataRequestDesk(Desk):
    """What customers ask about their data; the most urgent first."""

    look = "customer.decide"
    list_display = ["id", "customer", "kind", "state", "asked_at", "due_date", "answered_at"]
    fields = [*list_display, "words", "answer", "answered_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["customer"]
    ordering = ["due_date", "id"]


@admin.register(FileView)
class FileViewDesk(Desk):
    """Who opened whose file, when and why."""

    look = "customer.decide"
    list_display = ["id", "at", "actor", "role", "customer", "purpose", "words"]
    fields = list_display
    list_filter = ["purpose"]
    list_select_related = ["customer"]
    ordering = ["-id"]
