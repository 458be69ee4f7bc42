"""
The only place that looks upward: registries which the roof fills and lower floors never import.

Each value is a dotted path, so that importing this module imports no floor.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Event name -> the handlers that the outbox sweeper calls, after commit, at least once.
EVENTS: dict[str, list[str]] = {
    "message.queued": ["accounts.notifications.operations.deliver"],
    "screening.case_opened": ["accounts.customers.standing.follow_screening"],
    "screening.cleared": ["accounts.customers.standing.follow_screening"],
    "screening.confirmed": ["accounts.customers.standing.follow_screening"],
    "screening.list_in_force": ["accounts.customers.tasks.screen_all"],
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

# Deeds that need a second person: name -> operation.
APPROVABLE: dict[str, str] = {
    "customer.lift_suspension": "accounts.customers.standing.lift_suspension",
    "screening.accept_list": "accounts.screening.lists.accept_list",
}

# What `./bank bench NAME` and `./bank drill NAME` run: modules, started as programs.
BENCHES: dict[str, str] = {
    "ledger": "wekeza.bench.ledger",
    "pages": "wekeza.bench.pages",
    "screening": "wekeza.bench.screening",
}
DRILLS: dict[str, str] = {"model": "wekeza.drills.model"}
