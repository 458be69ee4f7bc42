"""The desk of the API's log."""

from django.contrib import admin

from accounts.gateway.models import ApiCall
from wekeza.kit.workbench import Desk


class Outcome(admin.SimpleListFilter):
    """How calls ended, by the hundreds of their status."""

    title = parameter_name = "outcome"

    def lookups(self, request, model_admin):
        """The kinds of answers."""
        return [("2", "Done"), ("3", "Led on"), ("4", "Refused"), ("5", "Our fault")]

    def queryset(self, request, queryset):
        """The calls that were answered so."""
        if self.value() not in {"2", "3", "4", "5"}:
            return queryset
        first = int(self.value()) * 100
        return queryset.filter(status__range=(first, first + 99))


@admin.register(ApiCall)
class ApiCallDesk(Desk):
    """Who called what and how it ended; what was in a call is kept nowhere."""

    look = "api.look"
    list_display = ["called_at", "principal", "method", "route", "status", "error_code", "ms"]
    fields = [*list_display, "request_id", "idempotency_key", "ip_address"]
    list_filter = [Outcome, "method", "status", "route"]
    search_fields = ["principal__exact", "request_id__exact"]
    search_help_text = "A caller, such as partner:… or customer:…, or the id of a request"
    ordering = ["-id"]
