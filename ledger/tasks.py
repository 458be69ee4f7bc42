"""Index of the ledger's tasks. Celery finds them here; people find them in their rooms."""

from ledger.approvals.tasks import expire
from ledger.calendar.tasks import write_next_year
from ledger.proofs.tasks import seal, watch

__all__ = ["expire", "seal", "watch", "write_next_year"]
