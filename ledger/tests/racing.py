"""Doing things at once: threads with connections of their own, let go by one barrier."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from wekeza.kit.errors import Refusal

PATIENCE_SECONDS = 30


def at_once(threads: int, deed: Callable[[int], object]) -> list:
    """
    This will run a deed in every thread at the same moment and give what each got: its result, or
    the refusal. Anything else that is raised, a deadlock for one, is raised here.
    """
    barrier = threading.Barrier(threads)

    def run(number):
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE_SECONDS)
            return deed(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def refused(results: list) -> list[Refusal]:
    """This will give the refusals among what came back."""
    return [result for result in results if isinstance(result, Refusal)]
