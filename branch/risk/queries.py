"""What the pages of stopped lending show beside the stops: who, and attempts as a file."""

from collections.abc import Iterable, Iterator

from branch.books.queries import names_of, with_names
from branch.risk.files import MOST_IN_A_FILE
from ledger.calendar.queries import NAIROBI
from lending.stops import queries as stops
from lending.stops.models import LendingStop, StoppedAttempt

HEAD = ["When", "What", "Product", "Amount in KES", "Customer", "By"]


def with_officers(rows: Iterable[LendingStop]) -> list[LendingStop]:
    """This will tell each of some stops who stopped, and who lifted, as `by` and `lifter`."""
    found = list(rows)
    names = names_of({who for row in found for who in (row.stopped_by, row.lifted_by)})
    for row in found:
        row.by, row.lifter = names[row.stopped_by], names[row.lifted_by]
    return found


def attempts_of(stop: LendingStop, *, before: str, most: int) -> tuple[list[StoppedAttempt], str]:
    """
    This will give the attempts that a stop blocked, the newest first, older than one of them
    (empty: from the newest on), and the last of them if there are more.
    """
    rows = stops.attempts_of(stop)
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: most + 1])
    older = str(found[most - 1].pk) if len(found) > most else ""
    return with_names(found[:most], "actor"), older


def cells_of(stop: LendingStop) -> Iterator[list]:
    """
    This will write every attempt that a stop blocked, the newest 50,000, as rows of a file.
    Customers stand there by what names their file, not by name.
    """
    for row in with_names(list(stops.attempts_of(stop)[:MOST_IN_A_FILE]), "actor"):
        yield [
            row.at.astimezone(NAIROBI).isoformat(sep=" ", timespec="seconds"),
            row.get_what_display(),
            row.product.name,
            None if row.money is None else row.money.amount,
            str(row.customer.public_id) if row.customer else "",
            row.by,
        ]
