"""Table of contents: the tasks of the accounts floor. Celery finds them here."""

from accounts.access.tasks import forget_unfinished
from accounts.monitoring.tasks import watch

__all__ = ["forget_unfinished", "watch"]
