"""Index of the ledger's desks."""

from ledger.approvals.admin import ApprovalDesk, ApprovalRuleDesk
from ledger.backups.admin import BackupDesk
from ledger.calendar.admin import HolidayDesk
from ledger.controls.admin import AuditDesk, OutboxDesk

__all__ = [
    "ApprovalDesk",
    "ApprovalRuleDesk",
    "AuditDesk",
    "BackupDesk",
    "HolidayDesk",
    "OutboxDesk",
]
