"""Index of the ledger's tasks. Celery finds them here; people find them in their rooms."""

from ledger.approvals.tasks import expire
from ledger.calendar.tasks import follow_the_clock, write_next_year

__all__ = ["expire", "follow_the_clock", "write_next_year"]
