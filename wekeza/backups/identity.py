"""Being another role for a while: a backup reads as one who may read all, the bank may not."""

import contextlib
from collections.abc import Iterator

from django.db import connections

from wekeza.runtime import env


@contextlib.contextmanager
def connected_as(url: str) -> Iterator[None]:
    """
    This will let everything that asks the database within the block ask the one of `url`, as its
    role, without the limits of time that pages have.
    """
    connection = connections["default"]
    if connection.in_atomic_block:
        raise RuntimeError("a transaction is open; it would be lost")
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = before | env.django_database(url, pooled=False, limited=False)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
