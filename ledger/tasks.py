"""Index of the ledger's tasks. Celery finds them here; people find them in their rooms."""

from ledger.calendar.tasks import follow_the_clock, write_next_year

__all__ = ["follow_the_clock", "write_next_year"]
