"""The statements that write the books: one round trip each, with the ledger's refusals."""

from functools import lru_cache
from itertools import count

from django.db import DatabaseError, connection

from ledger.refusals import refusal_of
from wekeza.kit import wire
from wekeza.kit.db import OutcomeUnknown
from wekeza.kit.failpoints import failpoint
from wekeza.kit.states import LostRace, Step
from wekeza.kit.wire import Statement

_POST = f"ledger_post({', '.join(['%s'] * 20)})"
_POSTED = Statement.of("post", f"SELECT {_POST}::text")
_REVERSED = Statement.of("reverse", f"SELECT ledger_reverse({', '.join(['%s'] * 9)})::text")

# One statement: the row is locked if it still is what its reader saw; only then is the entry
# written, and the row says so. Otherwise nothing happens at all.
_SETTLED = f"""
WITH held AS MATERIALIZED (
    SELECT 1 FROM {{table}} WHERE id = %s AND state = %s FOR NO KEY UPDATE
), posted AS MATERIALIZED (
    SELECT {_POST} AS entry FROM held
), settled AS (
    UPDATE {{table}} SET entry_id = (posted.entry).entry_id, {{columns}} FROM posted WHERE id = %s
)
SELECT entry::text FROM posted"""  # noqa: S608 - names of ours, not of people.
_BATCH = f"""
SELECT batch_id, business_date, is_replay, entry_ids, refused
  FROM ledger_post_batch({", ".join(["%s"] * 18)})"""  # noqa: S608 - marks only.
_numbers = count(1)

Arguments = list[str | None]


def post(arguments: Arguments, *, settles: Step | None) -> list[str]:
    """
    This will write an entry, and move the row it settles in the same statement.

    :raises LostRace: if that row no longer is what its reader saw.
    """
    if settles is None:
        return _write(_POSTED, arguments)
    key = str(settles.pk)
    row = _write(
        _settling(settles.table, settles.columns),
        [key, settles.now, *arguments, *settles.values, key],
    )
    if row is None:
        raise LostRace(thing=settles.thing)
    return row


def reverse(arguments: Arguments) -> list[str]:
    """This will write the mirror of an entry."""
    return _write(_REVERSED, arguments)


def post_batch(arguments: list) -> tuple:
    """This will write many entries in one statement, and give what became of them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_BATCH, arguments)
            failpoint("batch.written")
            return cursor.fetchone()
    except DatabaseError as error:
        raise _translated(error) from error


def _write(statement: Statement, arguments: Arguments) -> list[str] | None:
    failpoint("entry.asked")
    try:
        row = wire.first_row(statement, arguments)
    except DatabaseError as error:
        raise _translated(error) from error
    failpoint("entry.written")
    return row and row[0][1:-1].split(",")


def _translated(error: DatabaseError) -> Exception:
    """What the caller is told: a refusal, that nobody knows, or the fault as it is."""
    if (refusal := refusal_of(error)) is not None:
        return refusal
    if wire.stands_alone() and wire.never_answered(error):
        return OutcomeUnknown()
    return error


@lru_cache
def _settling(table: str, columns: tuple[str, ...]) -> Statement:
    named = ", ".join(f"{column} = %s" for column in columns)
    return Statement.of(f"settle_{next(_numbers)}", _SETTLED.format(table=table, columns=named))
