"""Table of contents: the tasks of the accounts floor. Celery finds them here."""

from accounts.access.tasks import forget_unfinished
from accounts.businesses.tasks import screen_chunk as screen_businesses
from accounts.businesses.tasks import tell_expiring as tell_businesses
from accounts.customers.tasks import screen_chunk as screen_customers
from accounts.deposits.tasks import follow_limits, follow_limits_of
from accounts.documents.tasks import expire as expire_documents
from accounts.documents.tasks import sweep as sweep_documents
from accounts.gateway.tasks import forget_calls, forget_tokens
from accounts.kyc.tasks import lower_overdue, tell_expiring
from accounts.monitoring.tasks import watch
from accounts.partners.tasks import deliver, forget_spent
from accounts.registry.tasks import ask_unanswered
from accounts.screening.tasks import go_on
from accounts.statements.tasks import dispose as dispose_statements
from accounts.statements.tasks import make_file

__all__ = [
    "ask_unanswered",
    "deliver",
    "dispose_statements",
    "expire_documents",
    "follow_limits",
    "follow_limits_of",
    "forget_calls",
    "forget_spent",
    "forget_tokens",
    "forget_unfinished",
    "go_on",
    "lower_overdue",
    "make_file",
    "screen_businesses",
    "screen_customers",
    "sweep_documents",
    "tell_businesses",
    "tell_expiring",
    "watch",
]
