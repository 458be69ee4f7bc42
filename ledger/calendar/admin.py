"""The desk of holidays."""

from django.contrib import admin

from ledger.calendar.models import Holiday
from wekeza.kit.workbench import Desk


@admin.register(Holiday)
class HolidayDesk(Desk):
    """Days on which banks do not settle."""

    look = "books.look"
    shelf = "The bank’s terms"
    list_display = ["holiday_date", "country", "name", "origin", "source"]
    list_filter = ["country", "origin"]
    ordering = ["-holiday_date"]
