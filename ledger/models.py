"""Index of the ledger's rooms. Django finds the tables here; people find the rooms here."""

from ledger.approvals.models import Approval, ApprovalRule
from ledger.calendar.models import BusinessDay, Holiday
from ledger.chart.models import Balance, Counter, Currency, LedgerAccount
from ledger.controls.models import AuditEntry, BankFact, DoorKey, InboxReceipt, OutboxMessage
from ledger.journal.models import Entry, Posting

__all__ = [
    "Approval",
    "ApprovalRule",
    "AuditEntry",
    "Balance",
    "BankFact",
    "BusinessDay",
    "Counter",
    "Currency",
    "DoorKey",
    "Entry",
    "Holiday",
    "InboxReceipt",
    "LedgerAccount",
    "OutboxMessage",
    "Posting",
]
