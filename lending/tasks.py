"""Table of contents: the tasks of the lending floor. Celery finds them here."""

from lending.collections.tasks import text_late
from lending.reminders.tasks import remind

__all__ = ["remind", "text_late"]
