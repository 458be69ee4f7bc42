"""Index of the ledger's rooms. Django finds the tables here; people find the rooms here."""

from ledger.approvals.models import Approval, ApprovalRule, ApprovalSignature
from ledger.backups.models import Backup
from ledger.balances.models import DailyBalance
from ledger.calendar.models import BusinessDay, Holiday
from ledger.chart.models import Balance, Counter, Currency, LedgerAccount
from ledger.controls.models import AuditEntry, BankFact, DoorKey, InboxReceipt, OutboxMessage
from ledger.holds.models import Hold
from ledger.journal.models import Batch, Entry, Posting
from ledger.periods.models import FinancialYear, Period
from ledger.proofs.models import ProofRun, Seal
from ledger.vouchers.models import Voucher, VoucherLine

__all__ = [
    "Approval",
    "ApprovalRule",
    "ApprovalSignature",
    "AuditEntry",
    "Backup",
    "Balance",
    "BankFact",
    "Batch",
    "BusinessDay",
    "Counter",
    "Currency",
    "DailyBalance",
    "DoorKey",
    "Entry",
    "Hold",
    "FinancialYear",
    "Holiday",
    "InboxReceipt",
    "LedgerAccount",
    "OutboxMessage",
    "Period",
    "Posting",
    "ProofRun",
    "Seal",
    "Voucher",
    "VoucherLine",
]
