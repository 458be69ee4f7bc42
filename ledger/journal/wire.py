"""
The journal's one round trip to the database.

Django makes a cursor for every statement; that costs more than sending it. A posting uses one
psycopg cursor for each connection instead, with Django's own guards around it: its transaction
state, its error classes and its instrumentation (execute wrappers, for tests and tracing).
"""

from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

from ledger.refusals import translated

_cursors: WeakKeyDictionary = WeakKeyDictionary()


def round_trip(sql: str, arguments: list) -> tuple:
    """This will run one statement that gives one row; the ledger's SQLSTATEs become refusals."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with translated():
        if connection.execute_wrappers or connection.queries_logged:
            with connection.cursor() as cursor:
                cursor.execute(sql, arguments)
                return cursor.fetchone()
        with connection.wrap_database_errors:
            return _cursor(connection.connection).execute(sql, arguments).fetchone()


def _cursor(raw) -> psycopg.Cursor:
    cursor = _cursors.get(raw)
    if cursor is None or cursor.closed:
        cursor = _cursors[raw] = psycopg.Cursor(raw)
    return cursor
