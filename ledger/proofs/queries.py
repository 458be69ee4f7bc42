"""Asking the proofs. Each is one SQL file that must return no row (reliability R2)."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

FOLDER = Path(__file__).parent / "sql"
EASE = {"statement_timeout": "0", "work_mem": "128MB"}
# A proof of everything finds next to nothing, whatever the planner expects: processes that share it
# have no rows to pass each other. By day the other processors are for payments.
NIGHT = {"parallel_tuple_cost": "0"}


@dataclass(frozen=True, slots=True)
class Proof:
    """One question asked of the books and what it found: (subject, fault) for every break."""

    name: str
    faults: list[tuple[str, str]]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.faults


def prove(*, since: int = 0, more: Iterable[Path] = (), most: int = 50) -> list[Proof]:
    """
    This will ask every proof, of all that was written or only of what came after entry `since`.

    `more` are the SQL files of floors above the ledger; at most `most` faults are listed for each,
    of every account one before there are two of one.
    """
    files = sorted([*FOLDER.glob("P*.sql"), *more], key=lambda file: file.name)
    with transaction.atomic(), _at_ease(EASE if since else EASE | NIGHT):
        return [_ask(file, since=since, most=most) for file in files]


def last_entry_id() -> int:
    """This will give the id of the newest entry, to prove from there later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_entry")
        return cursor.fetchone()[0]


def digest() -> str:
    """This will give one SHA-256 over every (account, currency, balance), to compare two banks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, a.currency, sum(b.balance) AS balance FROM ledger_balance b "
            "JOIN ledger_ledgeraccount a ON a.id = b.account_id GROUP BY a.code, a.currency "
            "ORDER BY code, currency"
        )
        rows = "\n".join("|".join(map(str, row)) for row in cursor)
    return hashlib.sha256(rows.encode()).hexdigest()


def figures() -> dict[str, int]:
    """This will count what the proofs looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_posting), "
            "(SELECT count(*) FROM ledger_ledgeraccount)"
        )
        return dict(zip(("entries", "postings", "accounts"), cursor.fetchone(), strict=True))


@contextmanager
def _at_ease(settings: dict[str, str]) -> Iterator[None]:
    """
    A large bank takes its time, and its sorts their room. What the caller had is set back: a
    savepoint that is kept keeps what was set in it; one that is undone does not.
    """
    usual = _set(settings)
    yield
    _set(usual)


def _set(values: dict[str, str]) -> dict[str, str]:
    """Set some settings for this transaction, and give what they were."""
    with connection.cursor() as cursor:
        was = {}
        for name, value in values.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            was[name] = cursor.fetchone()[0]
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        return was


def _ask(file: Path, *, since: int, most: int) -> Proof:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, fault FROM (SELECT subject, fault, row_number() OVER (PARTITION BY "  # noqa: S608
            f"split_part(subject, ' #', 1) ORDER BY subject) AS turn FROM ({file.read_text()}) AS a"
            f") AS asked ORDER BY turn, subject LIMIT {most:d}",
            {"since": since},
        )
        faults = cursor.fetchall()
    return Proof(file.stem, faults, time.perf_counter() - started)
