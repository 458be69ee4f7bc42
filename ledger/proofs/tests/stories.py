"""Databases of their own, told as the application and then opened as their owner, who tampers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection, transaction

from ledger.proofs import queries as proofs

GUARDED = (
    *("posting", "entry", "balance", "ledgeraccount", "counter", "auditentry"),
    *("seal", "hold", "batch"),
)


@contextmanager
def told(
    test_databases, django_db_blocker, tell: Callable[[], dict], *, before: str = ""
) -> Iterator[dict]:
    """
    This will tell a story in a fresh bank, go on as the owner of its tables, and give the names
    that the story gives. `before` is what the owner does before anything is told.
    """
    cluster = test_databases.cluster
    name = cluster.clone(f"{test_databases.worker}_story")
    owner = psycopg.conninfo.conninfo_to_dict(cluster.url("owner", name))
    with psycopg.connect(cluster.url("owner", name)) as opening:
        opening.execute(before)
    settings = connection.settings_dict
    usual = {key: settings[key] for key in ("USER", "PASSWORD")}
    with django_db_blocker.unblock():
        others = test_databases.use(name)
        names = tell()
        connection.close()
        settings.update(USER=owner["user"], PASSWORD=owner.get("password", ""))
        try:
            yield names
        finally:
            connection.close()
            settings.update(usual)
            test_databases.use(others)
            cluster.drop(name)


@contextmanager
def tampering(names: dict) -> Iterator[Callable[[str], None]]:
    """This will let the owner switch the triggers off and change rows; all of it is undone."""
    with transaction.atomic():

        def change(sql: str) -> None:
            with connection.cursor() as cursor:
                for table in GUARDED:
                    cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
                for statement in sql.format(**names).split(";"):
                    cursor.execute(statement)

        yield change
        transaction.set_rollback(True)


def faults_of(proof: Path, *, since: int = 0) -> list[tuple[str, str]]:
    """This will give what one proof of a floor above the ledger finds."""
    [asked] = [
        asked for asked in proofs.prove(since=since, more=[proof]) if asked.name == proof.stem
    ]
    return asked.faults
