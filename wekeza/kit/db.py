"""Transactions: who must open one, who may run again after losing a race, and honest outcomes."""

import functools
import itertools
import random
import time
from contextlib import nullcontext

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal

TRIES = 4  # The first and three more.
PAUSE_SECONDS = 0.02
# Serialisation failure, deadlock, and lock_timeout: PostgreSQL has undone everything.
LOST_RACES = {"40001", "40P01", "55P03"}
# The connection is gone (08, 57P), a time-out of ours fell (57014, 25P03), or no room (53). Without
# any SQLSTATE the server never answered.
GAVE_UP = ("08", "57P", "57014", "25P03", "53")


class Busy(Refusal):
    """The books could not be reached, or others were always first. Nothing was done."""

    code = "busy"
    status = 503
    text = _("The bank is busy right now. Nothing was done. Try again in a minute.")


class OutcomeUnknown(Refusal):
    """The connection broke while the deed was being committed: it may stand, or it may not."""

    code = "outcome_unknown"
    status = 503
    text = _("We don’t know yet if this was done. Don’t do it again. Look again in a minute.")


def inside_transaction(func):
    """This will refuse to run unless a caller has already opened the transaction."""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        if not connection.in_atomic_block:
            raise RuntimeError(f"{func.__qualname__} must run inside a transaction")
        return func(*args, **kwargs)

    return wrapper


def deed(func):
    """
    This will make an operation one durable transaction of its own, with an honest outcome.

    Whoever loses a race to another deed runs again as a whole, three times at most; so the
    operation may have no effect outside the database. When the connection breaks before COMMIT,
    nothing was done and we say so; when it breaks at COMMIT, nobody knows, and we say that.

    :raises Busy: if nothing was done.
    :raises OutcomeUnknown: if it may have been done or not; asking again by the same key tells.
    """
    return _until_it_wins(func, _committed)


def deed_in_one_statement(func):
    """
    This will guard an operation that looks, and then writes by one statement that is a transaction
    of its own; otherwise as `deed`. The writer itself raises OutcomeUnknown.
    """
    return _until_it_wins(func, _direct)


def _until_it_wins(func, run):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        for attempt in itertools.count(1):
            try:
                return run(func, args, kwargs)
            except OperationalError as error:
                if _sqlstate(error) not in LOST_RACES:
                    raise
                if attempt == TRIES:
                    raise Busy from error
            time.sleep(PAUSE_SECONDS * attempt * random.random())  # noqa: S311 - only to spread.
        return None

    return wrapper


def _committed(func, args, kwargs):
    is_committing = False
    try:
        with transaction.atomic(durable=True):
            result = func(*args, **kwargs)
            is_committing = True
    except (OperationalError, InterfaceError) as error:
        if not _gave_up(error):
            raise
        raise (OutcomeUnknown if is_committing else Busy) from error
    return result


def _direct(func, args, kwargs):
    # Inside a transaction this is a mistake, which `durable` refuses; a test case's own is none.
    inside = transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext()
    try:
        with inside:
            return func(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        if not _gave_up(error):
            raise
        raise Busy from error


def _gave_up(error: Exception) -> bool:
    state = _sqlstate(error)
    return state is None or state.startswith(GAVE_UP)


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
