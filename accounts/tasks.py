"""Table of contents: the tasks of the accounts floor. Celery finds them here."""

from accounts.access.tasks import forget_unfinished
from accounts.registry.tasks import ask_unanswered

__all__ = ["ask_unanswered", "forget_unfinished"]
