"""What the pages of stopped lending show beside the stops: who, and attempts as a file."""

import csv
from collections.abc import Iterable
from io import StringIO

from branch.books.queries import names_of, with_names
from ledger.calendar.queries import NAIROBI
from lending.stops import queries as stops
from lending.stops.models import LendingStop, StoppedAttempt
from wekeza.kit.spreadsheets import as_text

MOST_IN_A_FILE = 50_000
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


def as_csv(stop: LendingStop) -> bytes:
    """
    This will write every attempt that a stop blocked, the newest 50,000, as UTF-8 with a mark, as
    spreadsheets expect it. Customers stand there by what names their file, not by name.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in with_names(list(stops.attempts_of(stop)[:MOST_IN_A_FILE]), "actor"):
        writer.writerow(
            [
                row.at.astimezone(NAIROBI).isoformat(sep=" ", timespec="seconds"),
                row.get_what_display(),
                as_text(row.product.name),
                "" if row.money is None else row.money.amount,
                row.customer.public_id if row.customer else "",
                as_text(row.by),
            ]
        )
    return out.getvalue().encode("utf-8-sig")
