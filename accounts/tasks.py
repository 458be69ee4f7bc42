"""Table of contents: the tasks of the accounts floor. Celery finds them here."""

from accounts.access.tasks import forget_unfinished
from accounts.gateway.tasks import forget_calls, forget_tokens
from accounts.partners.tasks import deliver, forget_spent

__all__ = ["deliver", "forget_calls", "forget_spent", "forget_tokens", "forget_unfinished"]
