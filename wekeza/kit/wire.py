"""
One statement, one round trip to the database, as cheap as it can be.

Sending a payment's statements well takes less time than Django and psycopg take to prepare any
statement there may be. So one that stands alone is sent here by libpq itself (psycopg.pq): prepared
once for each connection, then only its arguments travel. Inside a transaction, and wherever
somebody watches the statements (execute wrappers, the query log), it goes the ordinary way. Both
have Django's guards around them: its transaction state and its error classes.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from psycopg import OperationalError, errors, pq

_prepared: WeakKeyDictionary = WeakKeyDictionary()
# Looked up once: a payment passes here, and every look costs.
_TUPLES, _FAULT = int(pq.ExecStatus.TUPLES_OK), int(pq.ExecStatus.FATAL_ERROR)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that is said again and again, with other arguments each time, all sent as text."""

    name: bytes
    numbered: bytes
    marked: str

    @classmethod
    def of(cls, name: str, sql: str) -> "Statement":
        """This will write SQL with a %s for each argument in both ways: %s, and $1 for libpq."""
        first, *rest = sql.split("%s")
        numbered = first + "".join(f"${place}{part}" for place, part in enumerate(rest, 1))
        return cls(f"wekeza_{name}".encode(), numbered.encode(), sql)


def stands_alone() -> bool:
    """This will tell whether what is sent now is a transaction of its own."""
    return not connections[DEFAULT_DB_ALIAS].in_atomic_block


def first_row(statement: Statement, arguments: list[str | None]) -> list[str | None] | None:
    """
    This will run the statement and give its first row as text, None if there is none.

    :raises DatabaseError: as Django's; an OperationalError whose cause has no SQLSTATE means that
        the server never answered, and nobody knows whether it did what it was asked.
    """
    db = connections[DEFAULT_DB_ALIAS]
    if db.connection is None or db.health_check_enabled:
        db.close_if_health_check_failed()
        db.ensure_connection()
    db.validate_no_broken_transaction()
    if _is_unwatched(db):
        return _send(db, statement, arguments)
    return _usual(db, statement, arguments)


def never_answered(error: DatabaseError) -> bool:
    """This will tell whether the connection broke while an answer was awaited."""
    cause = error.__cause__
    return isinstance(cause, OperationalError) and cause.sqlstate is None


def _is_unwatched(db) -> bool:
    return (
        db.autocommit
        and not db.in_atomic_block
        and not db.execute_wrappers
        and not db.queries_logged
        # Behind a pooler that cannot keep prepared statements, this is set to None.
        and db.connection.prepare_threshold is not None
    )


def _usual(db, statement: Statement, arguments: list[str | None]) -> list[str | None] | None:
    with db.cursor() as cursor:
        cursor.execute(statement.marked, arguments)
        return _row(cursor.pgresult)


def _send(db, statement: Statement, arguments: list[str | None]) -> list[str | None] | None:
    raw = db.connection
    if "\0" in "".join(filter(None, arguments)):
        return _usual(db, statement, arguments)  # libpq would cut it there; psycopg refuses it.
    values = [None if value is None else value.encode() for value in arguments]
    known = _prepared.get(raw)
    if known is None:
        known = _prepared[raw] = set()
    with db.wrap_database_errors:
        if statement.name in known:
            result = raw.pgconn.exec_prepared(statement.name, values)
            if result.status == _TUPLES:
                return _row(result)
            if not _is_gone(result):
                raise _error(result)
        _checked(raw.pgconn.prepare(statement.name, statement.numbered))
        known.add(statement.name)
        return _row(_checked(raw.pgconn.exec_prepared(statement.name, values)))


def _is_gone(result: pq.abc.PGresult) -> bool:
    # psycopg drops every prepared statement of a connection when it rolls back.
    return result.error_field(pq.DiagnosticField.SQLSTATE) == b"26000"


def _error(result: pq.abc.PGresult) -> Exception:
    error = errors.error_from_result(result)
    return error if error.sqlstate else OperationalError(str(error))


def _checked(result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status == _FAULT:
        raise _error(result)
    return result


def _row(result: pq.abc.PGresult) -> list[str | None] | None:
    if not result.ntuples:
        return None
    values = [result.get_value(0, column) for column in range(result.nfields)]
    return [None if value is None else value.decode() for value in values]
