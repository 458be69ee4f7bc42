"""
The journal's one round trip to the database.

A posting is one call of one function, thousands of times the same, and sending it well takes less
time than Django and psycopg take to prepare any statement there may be. So a call that stands alone
is sent here by libpq itself (psycopg.pq): prepared once for each connection, then only its
arguments travel. Inside a transaction, and wherever somebody watches the statements (execute
wrappers, the query log), it goes the ordinary way. Both have Django's guards around them: its
transaction state and its error classes.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from psycopg import OperationalError, errors, pq

from ledger.refusals import refusal_of

_prepared: WeakKeyDictionary = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the database that is called with `arity` arguments, each sent as text."""

    function: str
    arity: int
    name: bytes = b""
    numbered: bytes = b""
    marked: str = ""

    @classmethod
    def of(cls, function: str, arity: int) -> "Call":
        """This will write the statement in both ways: $1 for libpq, %s for Django's cursor."""
        numbers = ", ".join(f"${place}" for place in range(1, arity + 1))
        return cls(
            function,
            arity,
            name=f"wekeza_{function}".encode(),
            numbered=f"SELECT {function}({numbers})::text".encode(),
            marked=f"SELECT {function}({', '.join(['%s'] * arity)})::text",
        )


def round_trip(call: Call, arguments: list[str | None]) -> list[str]:
    """This will call the function and give its row; the ledger's SQLSTATEs become refusals."""
    db = connections[DEFAULT_DB_ALIAS]  # Looked up once: every look costs.
    if db.connection is None or db.health_check_enabled:
        db.close_if_health_check_failed()
        db.ensure_connection()
    db.validate_no_broken_transaction()
    try:
        row = _send(db, call, arguments) if _stands_alone(db) else _usual(db, call, arguments)
    except DatabaseError as error:
        if (refusal := refusal_of(error)) is None:
            raise
        raise refusal from error
    return row[1:-1].split(",")


def _stands_alone(db) -> bool:
    return (
        db.autocommit
        and not db.in_atomic_block
        and not db.execute_wrappers
        and not db.queries_logged
        # Behind a pooler that cannot keep prepared statements, this is set to None.
        and db.connection.prepare_threshold is not None
    )


def _usual(db, call: Call, arguments: list[str | None]) -> str:
    with db.cursor() as cursor:
        cursor.execute(call.marked, arguments)
        return cursor.fetchone()[0]


def _send(db, call: Call, arguments: list[str | None]) -> str:
    raw = db.connection
    values = [None if value is None else value.encode() for value in arguments]
    if any(value and b"\0" in value for value in values):
        return _usual(db, call, arguments)  # libpq would cut it there; psycopg refuses it.

    known = _prepared.get(raw)
    if known is None:
        known = _prepared[raw] = set()
    with db.wrap_database_errors:
        result = None
        if call.name in known:
            result = raw.pgconn.exec_prepared(call.name, values)
        if result is None or _is_gone(result):
            _checked(raw.pgconn.prepare(call.name, call.numbered))
            known.add(call.name)
            result = raw.pgconn.exec_prepared(call.name, values)
        return _checked(result).get_value(0, 0).decode()


def _is_gone(result: pq.abc.PGresult) -> bool:
    # psycopg drops every prepared statement of a connection when it rolls back.
    return (
        result.status == pq.ExecStatus.FATAL_ERROR
        and result.error_field(pq.DiagnosticField.SQLSTATE) == b"26000"
    )


def _checked(result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status == pq.ExecStatus.FATAL_ERROR:
        error = errors.error_from_result(result)
        # Without an SQLSTATE the server never answered: nobody knows whether it wrote the entry.
        raise error if error.sqlstate else OperationalError(str(error))
    return result
