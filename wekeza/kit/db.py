"""Transactions: who must open one, and who may be run again after losing a race."""

import functools

from django.db import connection


def inside_transaction(func):
    """This will refuse to run unless a caller has already opened the transaction."""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        if not connection.in_atomic_block:
            raise RuntimeError(f"{func.__qualname__} must run inside a transaction")
        return func(*args, **kwargs)

    return wrapper
