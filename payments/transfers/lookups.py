"""Looking up whom a number belongs to, not so often that the bank becomes a telephone book."""

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.deposits.queries import Payee
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

MOST = 40
SPAN_SECONDS = 600


class TooManyLookups(Refusal):
    code = "too_many_lookups"
    status = 429
    text = _("You looked up many numbers. Try again in 10 minutes")


def payee(text: str, *, source: DepositAccount | None, at: datetime, actor: Actor) -> Payee:
    """
    This will find a payee for a customer, 40 times in ten minutes at most.

    :raises TooManyLookups: beyond that.
    :raises PayeeNotFound: and the other refusals of `deposit_queries.find_payee`.
    """
    # The count lives in the cache: without a cache there is no limit, and still no money at stake.
    key = f"payee-lookups:{actor}:{int(at.timestamp()) // SPAN_SECONDS}"
    cache.add(key, 0, timeout=SPAN_SECONDS)
    try:
        asked = cache.incr(key)
    except ValueError:  # The cache was emptied, or is away.
        asked = 1
    if asked > MOST:
        raise TooManyLookups
    return deposit_queries.find_payee(text, source=source)
