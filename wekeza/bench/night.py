"""Nights of `./bank bench cob`: their chunks shared by workers, and the steps beside."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date


def shared(work: Callable, chunks: Iterable[tuple[int, int]], workers: int = 1) -> int:
    """
    This will let so many workers, each with a connection of its own, do all chunks, and give what
    they did in all.
    """
    from django.db import connection

    chunks = list(chunks)

    def mine(part: int) -> int:
        try:
            return sum(work(chunk) for chunk in chunks[part::workers])
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(mine, range(workers)))


def end(day: date) -> None:
    """This will do the night's other steps, which are not measured, and open the next date."""
    from branch.close_of_business import steps
    from branch.close_of_business.models import CloseRun
    from ledger.balances import operations as balances
    from ledger.calendar import operations as calendar
    from ledger.calendar import queries as calendar_queries
    from ledger.proofs import seals
    from wekeza.kit.actor import SYSTEM

    run, last = CloseRun(business_date=day, ends_at=calendar_queries.ends_at(day)), None
    for first, last in steps.entries(run):
        balances.write(day=day, first=first, last=last)
    seals.seal()
    calendar.roll(from_date=day, actor=SYSTEM, written=last)
