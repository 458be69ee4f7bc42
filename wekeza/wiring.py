"""
The only place that looks upward: registries which the roof fills and lower floors never import.

Each value is a dotted path, so that importing this module imports no floor.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Event name -> the handlers that the outbox sweeper calls, after commit, at least once.
EVENTS: dict[str, list[str]] = {
    "message.queued": ["accounts.notifications.operations.deliver"],
    "staff.glass_broken": ["branch.workbench.operations.alarm"],
    "topup.started": ["payments.topups.operations.finish_started"],
    "topup.returned": ["payments.topups.operations.send_back"],
    "topup.paid": ["payments.topups.notices.tell_holder"],
    "transfer.paid": ["payments.transfers.notices.tell_both"],
}

# SQL proofs of floors above the ledger, asked together with the ledger's own.
PROOFS: list[Path] = sorted(ROOT.glob("*/*/proofs/P*.sql"))

# The steps of close of business, in order.
CLOSE_OF_BUSINESS: list[str] = []

# The chapters of the demo bank's story, in order.
DEMO_CHAPTERS: list[str] = []

# Deeds that need a second person: name -> operation. Who asks and who decides is data
# (accounts/staff/data/actions.json, then ApprovalRule).
APPROVABLE: dict[str, str] = {
    "terms.change": "ledger.approvals.terms.change",
    "staff.admit": "accounts.staff.operations.admit",
    "staff.grant_role": "accounts.staff.operations.grant_role",
    "staff.resume": "accounts.staff.operations.resume",
    "monitor.publish": "accounts.monitoring.publishing.publish",
    "monitor.close": "accounts.monitoring.closing.close",
    "staff.change_role": "accounts.staff.roles.change_role",
}

# The tables of dated terms, each with what names one of its rows; the rest of a row is its term.
TERMS: dict[str, tuple[str, ...]] = {
    "accounts.tierlimit": ("tier", "kind", "currency"),
    "accounts.tariff": ("code", "currency"),
    "accounts.exciserate": ("excise_class",),
    "accounts.monitorclock": ("kind",),
    "ledger.approvalrule": ("deed",),
}

# Whom the books ask who may ask for a deed, and who may decide it.
WHO_MAY = "accounts.staff.queries.actor_may"

# What `./bank bench NAME` and `./bank drill NAME` run: modules, started as programs.
BENCHES: dict[str, str] = {"ledger": "wekeza.bench.ledger", "pages": "wekeza.bench.pages"}
DRILLS: dict[str, str] = {"model": "wekeza.drills.model"}
