"""Looking at entries."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from ledger.journal.models import Entry, Posting

PAGE = 50

# The first number of a business date by halving: numbers never go back from one date to the next,
# because they are drawn under the lock of the day, so no index by date is needed for it. Each step
# is one look at the primary key, about 30 of them for a thousand million entries.
_FIRST_NUMBER = """
WITH RECURSIVE halving(low, high) AS (
    SELECT coalesce(min(id), 1), coalesce(max(id), 0) + 1 FROM ledger_entry
    UNION ALL
    SELECT CASE WHEN probe.business_date < %(day)s THEN probe.id + 1 ELSE low END,
           CASE WHEN probe.business_date < %(day)s THEN high ELSE (low + high) / 2 END
      FROM halving
     CROSS JOIN LATERAL (SELECT e.id, e.business_date FROM ledger_entry e
                          WHERE e.id >= (low + high) / 2 ORDER BY e.id LIMIT 1) probe
     WHERE low < high
)
SELECT min(high) FROM halving"""


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in the journal: business dates, and facts of entries."""

    first: date
    last: date
    kind: str = ""
    reference: str = ""  # The asker's key, or the receipt number.
    actors: list[str] = field(default_factory=list)
    amount: Decimal | None = None
    source: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the newest first, and the number below which the older ones are."""

    rows: list[Entry]
    older: int | None = None


def has_mirror(entry: str) -> Exists:
    """This will tell of each row whether the entry in its field `entry` was reversed."""
    return Exists(Entry.objects.filter(reverses=OuterRef(entry)))


def first_number(day: date) -> int:
    """
    This will give the number at which the entries of a business date begin: every entry before it
    is of an earlier date, none from it on is.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_NUMBER, {"day": day})
        return cursor.fetchone()[0]


def numbers_of(first: date, last: date) -> tuple[int, int]:
    """This will give the lowest and the highest number that entries of some dates can have."""
    return first_number(first), first_number(date.fromordinal(last.toordinal() + 1)) - 1


def page_of(search: Search, *, before: int | None = None, size: int = PAGE) -> Page:
    """
    This will give a page of the journal, the newest entries first. It reads the entries of the
    dates by their numbers, from the end; what else is asked for is looked up on each of these.
    """
    lowest, highest = numbers_of(search.first, search.last)
    if before is not None:
        highest = min(highest, before - 1)
    rows = _matching(Entry.objects.filter(pk__range=(lowest, highest)), search)
    found = list(rows.order_by("-pk")[: size + 1])
    return Page(found[:size], older=found[size - 1].pk if len(found) > size else None)


def kinds_of(first: date, last: date) -> list[str]:
    """This will give the kinds of entry that there were on some dates."""
    rows = Entry.objects.filter(pk__range=numbers_of(first, last))
    return list(rows.order_by("kind").values_list("kind", flat=True).distinct())


def postings_of(entry: Entry) -> list[Posting]:
    """This will give the postings of an entry in their order, each with its account."""
    return list(entry.postings.select_related("account").order_by("line"))


def _matching(rows: QuerySet[Entry], search: Search) -> QuerySet[Entry]:
    for name in ("kind", "source", "branch"):
        if wanted := getattr(search, name):
            rows = rows.filter(**{name: wanted})
    if search.reference:
        rows = rows.filter(Q(reference=search.reference) | Q(receipt_no__iexact=search.reference))
    if search.actors:
        rows = rows.filter(actor__in=search.actors)
    if search.amount is not None:
        postings = Posting.objects.filter(entry=OuterRef("pk"), amount=search.amount)
        rows = rows.filter(Exists(postings))
    return rows
