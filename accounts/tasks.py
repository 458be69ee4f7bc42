"""Table of contents: the tasks of the accounts floor. Celery finds them here."""

from accounts.access.tasks import forget_unfinished
from accounts.customers.tasks import screen_chunk

__all__ = ["forget_unfinished", "screen_chunk"]
