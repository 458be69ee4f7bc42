"""Looking up whom a number belongs to, not so often that the bank becomes a telephone book."""

from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.deposits import numbers
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.deposits.queries import Payee
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.words import clock

MOST = 40
SPAN = timedelta(minutes=10)
_PHONE_DIGITS = 9  # 722 000 418: what 0722 000 418 and +254 722 000 418 have in common.


class TooManyLookups(Refusal):
    """Facts: opens, the time of day from which the next number can be looked up."""

    code = "too_many_lookups"
    status = 429
    text = _("You looked up many numbers. You can look up the next one from {opens}")


def payee(text: str, *, source: DepositAccount | None, at: datetime, actor: Actor) -> Payee:
    """
    This will find a payee for a customer, for 40 different numbers within any ten minutes at most.
    A number that was asked for costs nothing again for ten minutes.

    :raises TooManyLookups: beyond that.
    :raises PayeeNotFound: and the other refusals of `deposit_queries.find_payee`.
    """
    _count(text, at=at, actor=actor)
    return deposit_queries.find_payee(text, source=source)


def _count(text: str, *, at: datetime, actor: Actor) -> None:
    """
    Every different number takes one of the customer's places in the cache, which is free again
    after the span. `add` gives a place to one asker only, so that many at once get no more of them;
    a number begins at a place of its own, where it meets itself if it is asked for twice at once.
    """
    number, now = _digest(text), at.timestamp()
    first = int(number, 16)
    places = [f"payee-lookups:{actor}:{(first + step) % MOST}" for step in range(MOST)]
    taken = cache.get_many(places)
    if any(earlier == number for earlier, _asked in taken.values()):
        return
    for place in places:
        if place in taken:
            continue
        if cache.add(place, (number, now), SPAN.total_seconds()):
            return
        if cache.get(place, ("", now))[0] == number:
            return
    taken = cache.get_many(places)
    # Without a cache nobody has a place: there is no limit then, and still no money at stake.
    if len(taken) == MOST:
        raise TooManyLookups(opens=_opens(min(asked for _earlier, asked in taken.values())))


def _digest(text: str) -> str:
    """The same for every way to write a number; the cache holds no phone numbers of people."""
    typed = numbers.without_gaps(text)
    if not numbers.looks_like_one(typed):
        typed = typed[-_PHONE_DIGITS:]
    return salted_hmac("payments.transfers.lookups", typed).hexdigest()


def _opens(oldest: float) -> str:
    """The clock shows whole minutes, so this is the first of them that keeps the promise."""
    opens = datetime.fromtimestamp(oldest, UTC) + SPAN
    return clock(opens.replace(second=0, microsecond=0) + timedelta(minutes=1))
