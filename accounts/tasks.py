"""Table of contents: the tasks of the accounts floor. Celery finds them here."""

from accounts.access.tasks import forget_unfinished
from accounts.gateway.tasks import forget_calls, forget_tokens

__all__ = ["forget_calls", "forget_tokens", "forget_unfinished"]
