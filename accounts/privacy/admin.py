"""The desks of privacy: requests with their clock, who opened whose file, and the law's figures."""

from django.contrib import admin

from accounts.privacy.models import DataRequest, FileView, PrivacyTerm
from ledger.approvals.desks import ProposalDesk
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


@admin.register(PrivacyTerm)
class PrivacyTermDesk(ProposalDesk):
    """Days to answer and years to keep, from a day on."""

    look = "customer.search"
    list_display = ["kind", "value", "effective_from", "effective_to", "source"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_from"]
