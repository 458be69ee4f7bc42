"""Rows of the bank's terms for one test: only the owner may write them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, connections
from django.db.models import Model

OWNER = "owner"


@contextmanager
def added(test_databases) -> Iterator[Callable[[Model], Model]]:
    """This will let a test add rows as the owner, in its own database; at the end they are gone."""
    usual = connection.settings_dict
    url = test_databases.cluster.url("owner", usual["NAME"])
    role = psycopg.conninfo.conninfo_to_dict(url)
    facts = usual | {"USER": role["user"], "PASSWORD": role.get("password", "")}
    connections[OWNER] = type(connections["default"])(facts, OWNER)
    rows = []

    def add(row: Model) -> Model:
        row.save(using=OWNER, force_insert=True)
        rows.append(row)
        return row

    try:
        yield add
    finally:
        for row in reversed(rows):
            row.delete(using=OWNER)
        connections[OWNER].close()
        del connections[OWNER]
