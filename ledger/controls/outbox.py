"""
The outbox: what must be told to the outside is a row of the deed's transaction, sent afterwards.

A sweeper hands each due event to its handlers (wekeza/wiring.py). Delivery is at least once; a
handler that must not run twice claims the event in the inbox first (LG09, MV38).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from ledger.controls.models import InboxReceipt, OutboxMessage
from wekeza.kit.db import inside_transaction
from wekeza.kit.failpoints import failpoint

LEASE = timedelta(minutes=2)  # A sweeper that dies gives its events back after this long.
BACK_OFF = [timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600, 3600 * 4, 3600 * 12)]
MOST_TRIES = len(BACK_OFF) + 1
WAIT = timedelta(minutes=5)

log = logging.getLogger(__name__)


class TryLater(Exception):
    """A handler could not do it now; the event is put off, and the try counts."""


class NotYet(TryLater):
    """Nothing can be done until somebody sets something up: the event waits, and no try counts."""


class NoHandler(LookupError):
    """The registry names nobody for an event: it is put off, because it must not be lost."""


@inside_transaction
def publish(event: str, payload: dict) -> OutboxMessage:
    """This will write an event to be told after commit; the payload holds ids only."""
    return OutboxMessage.objects.create(event=event, payload=payload)


@inside_transaction
def take_in(*, source: str, message_ref: str) -> bool:
    """This will claim a message once: true the first time, false for every repeat."""
    _, is_new = InboxReceipt.objects.get_or_create(source=source, message_ref=message_ref)
    return is_new


def sweep(
    *, handlers: Mapping[str, list[Callable]], at: datetime, most: int = 100
) -> tuple[int, int]:
    """
    This will hand due events to their handlers and give (told, put off).

    Two sweepers never hold the same event (SKIP LOCKED and a lease). A handler that fails puts the
    event off, longer each time; after the last try it is STUCK and a person looks at it. So does an
    event without a handler. One whose handler says NotYet waits for as long as it takes.
    """
    told = put_off = 0
    for message in _lease(at=at, most=most):
        failpoint("event.leased")
        if _tell(message, handlers=handlers.get(message.event, []), at=at):
            told += 1
        else:
            put_off += 1
    return told, put_off


def _lease(*, at: datetime, most: int) -> list[OutboxMessage]:
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING, due_at__lte=at)
    with transaction.atomic():
        messages = list(due.select_for_update(skip_locked=True).order_by("due_at", "id")[:most])
        for message in messages:
            message.attempts += 1
            message.due_at = at + LEASE
            if message.attempts > MOST_TRIES:  # Nobody who told it lived to say why.
                message.state, message.error = OutboxMessage.State.STUCK, "SweeperLost"
        OutboxMessage.objects.bulk_update(messages, ["attempts", "due_at", "state", "error"])
    return [message for message in messages if message.state == OutboxMessage.State.PENDING]


def _tell(message: OutboxMessage, *, handlers: list[Callable], at: datetime) -> bool:
    try:
        if not handlers:
            raise NoHandler(message.event)
        for handler in handlers:
            handler(message_id=message.pk, at=at, **message.payload)
    # A handler is a door to the outside: whatever breaks in it must not stop the others' events.
    except Exception as error:  # noqa: BLE001
        _put_off(message, error=error, at=at)
        return False
    failpoint("event.told")
    _still_leased(message).update(state=OutboxMessage.State.DONE, done_at=at, error="")
    return True


def _put_off(message: OutboxMessage, *, error: Exception, at: datetime) -> None:
    reason, tries = type(error).__name__[:200], message.attempts
    if isinstance(error, NotYet):
        _still_leased(message).update(attempts=tries - 1, due_at=at + WAIT, error=reason)
        return
    is_last = tries == MOST_TRIES
    _still_leased(message).update(
        state=OutboxMessage.State.STUCK if is_last else OutboxMessage.State.PENDING,
        due_at=at + BACK_OFF[min(tries, len(BACK_OFF)) - 1],
        error=reason,
    )
    # Ids and the fault's name only: its words may hold secrets.
    level = logging.ERROR if is_last else logging.WARNING
    log.log(level, "outbox %s: try %d failed: %s", message, tries, reason)


def _still_leased(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The event, unless the lease ran out and another sweeper took it since."""
    return OutboxMessage.objects.filter(
        pk=message.pk, attempts=message.attempts, due_at=message.due_at
    )
