"""The desk of backups."""

from django.contrib import admin
from django.utils.text import Truncator

from ledger.backups.models import Backup
from ledger.backups.states import BackupState
from wekeza.kit.ui_tags import pill
from wekeza.kit.workbench import Desk

LOOKS = {
    BackupState.KEPT: ("info", "clock"),
    BackupState.VERIFIED: ("ok", "check"),
    BackupState.BROKEN: ("err", "alert"),
    BackupState.FAILED: ("err", "alert"),
}


@admin.register(Backup)
class BackupDesk(Desk):
    """Copies of the whole bank: when, how large, and whether one was opened again."""

    look = "books.look"
    list_display = ["name", "standing", "taken_at", "size", "verified_at", "why"]
    list_filter = ["state"]
    ordering = ["-taken_at"]

    @admin.display(description="State", ordering="state")
    def standing(self, row):
        return pill(row.get_state_display(), *LOOKS.get(row.state, ("", "")))

    @admin.display(description="Size", ordering="size_bytes")
    def size(self, row):
        megabytes = f"{row.size_bytes / 1_000_000:,.1f}\N{NO-BREAK SPACE}MB"
        return megabytes if row.size_bytes else self.empty_value_display

    @admin.display(description="Problem")
    def why(self, row):
        return Truncator(row.problem).chars(45) or self.empty_value_display
