"""
What is true of a bank at one moment, asked in one snapshot: the manifest of its backup says it,
and the same questions asked of a restored database must give the same answers.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.access import rotation
from ledger.proofs import queries as proofs

FENCES = (Path(__file__).parent / "fences.sql").read_text()


@contextlib.contextmanager
def one_snapshot() -> Iterator[str]:
    """This will hold everything that is asked within to one moment, and give pg_dump its name."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield _one("SELECT pg_export_snapshot()")


def of_bank() -> dict[str, Any]:
    """This will ask what must be the same after a restore, in the snapshot of the caller."""
    return {
        "digest": proofs.digest(),
        "figures": proofs.figures(),
        "rows": rows(),
        "migrations": migrations(),
        "keys": sorted(rotation.keys_in_use()),
        "index_canary": _one("SELECT index_canary FROM ledger_bankfact"),
        "is_demo": _one("SELECT is_demo FROM ledger_bankfact"),
        "business_date": str(_one("SELECT business_date FROM ledger_businessday")),
    }


def of_server() -> dict[str, Any]:
    """This will ask what a server must bring along before the backup fits into it."""
    return {
        "version": _one("SHOW server_version").partition(" ")[0],
        "major": connection.pg_version // 10000,
        "owner": _one(
            "SELECT pg_get_userbyid(relowner) FROM pg_class "
            "WHERE oid = 'public.ledger_entry'::regclass"
        ),
        "application": settings.APP_ROLE,
    }


def migrations() -> list[str]:
    """This will give the migrations that the database has seen: "ledger.0001_initial"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations")
        return sorted(name for (name,) in cursor)


def rows() -> dict[str, int]:
    """This will count the rows of every table."""
    quote = connection.ops.quote_name
    return {table: _one(f"SELECT count(*) FROM {quote(table)}") for table in _tables()}  # noqa: S608


def fences() -> list[str]:
    """
    This will write down what the database itself forbids: each right of each role, each trigger
    with its state, each constraint, index and function, one line each.
    """
    with connection.cursor() as cursor:
        cursor.execute(FENCES)
        return [line for (line,) in cursor]


def roles_in(lines: list[str]) -> set[str]:
    """This will give the roles to whom the fences give a right."""
    granted = (line.split(" -> ")[1] for line in lines if line.startswith("right "))
    return {words.rpartition(" may ")[0] for words in granted} - {"PUBLIC"}


def is_empty() -> bool:
    """This will say whether the database holds nothing of anybody: no table, no function."""
    return not _one(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')"
    )


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        return [name for (name,) in cursor]


def _one(question: str):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
