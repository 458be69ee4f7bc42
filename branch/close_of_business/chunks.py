"""
Doing one chunk of a close, and what becomes of it when it fails: it is tried again, halved, or set
aside with its reason.
"""

import logging
import time
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.states import ChunkState
from branch.close_of_business.steps import Step
from ledger.calendar.operations import BusinessDateMoved
from wekeza.kit.db import LOST_RACES
from wekeza.kit.failpoints import failpoint

TRIES = 3  # Of a chunk that lost a race or ran out of time, before it counts as failed.

log = logging.getLogger(__name__)


def do_one(step: Step, row: CloseStep, run: CloseRun, *, at: datetime) -> bool:
    """
    This will do a chunk of a step that nobody is at, in one transaction, and tell whether there was
    one. Whatever breaks in it is kept; a lost connection, a date that moved and a time limit go on
    to the caller, and the chunk stays to be done.
    """
    started, chunk = time.perf_counter(), None
    try:
        with transaction.atomic():
            chunk = (
                CloseChunk.objects.select_for_update(skip_locked=True)
                .filter(step=row, state=ChunkState.PENDING)
                .order_by("pk")
                .first()
            )
            if chunk is None:
                return False
            try:
                with transaction.atomic():
                    chunk.items = step.work(run, chunk.first, chunk.last, at)
                if step.check is not None:
                    step.check()
            # Whatever breaks in a chunk must not stop the night: it is halved until it is one item.
            except Exception as error:  # noqa: BLE001
                _failed(chunk, error)
            else:
                failpoint(f"close.{step.name}")
                chunk.state, chunk.reason = ChunkState.DONE, ""
            chunk.seconds = f"{time.perf_counter() - started:.3f}"
            chunk.save()
    except SoftTimeLimitExceeded as error:
        if chunk is not None:
            _ran_out_of_time(chunk, error)
        raise
    return True


def _failed(chunk: CloseChunk, error: Exception) -> None:
    if isinstance(error, SoftTimeLimitExceeded):
        _stop_asking()
        raise error
    if isinstance(error, BusinessDateMoved | InterfaceError) or _is_gone(error):
        raise error
    chunk.tries += 1
    if _lost_a_race(error) and chunk.tries < TRIES:
        return
    _cut_or_set_aside(chunk, error)


def _stop_asking() -> None:
    """End a statement that the time limit fell into; else the server keeps the chunk locked."""
    asked = connection.connection
    if asked is not None and asked.pgconn.transaction_status == TransactionStatus.ACTIVE:
        asked.cancel()


@transaction.atomic
def _ran_out_of_time(chunk: CloseChunk, error: Exception) -> None:
    """
    Leave a chunk that its worker had no time for to the next one; when that happened too often, it
    counts as failed, so that the run stops and is heard of.
    """
    row = CloseChunk.objects.select_for_update().get(pk=chunk.pk)
    if row.state != ChunkState.PENDING:
        return
    row.tries += 1
    row.reason = f"Ran out of time, {row.tries} of {TRIES}"
    log.error("close of business: %s ran out of time, %s of %s", row, row.tries, TRIES)
    if row.tries >= TRIES:
        _cut_or_set_aside(row, error)
    row.save()


def _cut_or_set_aside(chunk: CloseChunk, error: Exception) -> None:
    if chunk.first == chunk.last:
        chunk.state = ChunkState.ASIDE
        chunk.reason = f"{type(error).__name__}: {error}"[:300]
        log.error("close of business: item %s set aside: %s", chunk, type(error).__name__)
        return
    middle = (chunk.first + chunk.last) // 2
    chunk.state = ChunkState.SPLIT
    CloseChunk.objects.bulk_create(
        CloseChunk(step=chunk.step, first=first, last=last)
        for first, last in ((chunk.first, middle), (middle + 1, chunk.last))
    )


def _is_gone(error: Exception) -> bool:
    """The connection is gone: nothing can be written about it; whoever comes next tries again."""
    return isinstance(error, OperationalError) and _sqlstate(error) is None


def _lost_a_race(error: Exception) -> bool:
    return isinstance(error, DatabaseError) and _sqlstate(error) in LOST_RACES


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
