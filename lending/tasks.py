"""Table of contents: the tasks of the lending floor. Celery finds them here."""

from lending.reminders.tasks import remind

__all__ = ["remind"]
