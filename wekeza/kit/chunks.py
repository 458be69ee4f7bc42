"""Long work in short transactions."""

from collections.abc import Iterator

from django.db.models import Max, Min, QuerySet

# A chunk that fails is tried again after 2, 4, 8 … seconds, at most 10 minutes, for an hour.
UNTIL_DONE = {
    "autoretry_for": (Exception,),
    "retry_backoff": 2,
    "retry_backoff_max": 600,
    "max_retries": 13,
}


def id_ranges(rows: QuerySet, size: int, *, field: str = "pk") -> Iterator[tuple[int, int]]:
    """
    This will yield (first, last) ranges of the primary key, or of another number, that cover the
    rows, each `size` wide and all but the first from a multiple of it.
    """
    first, last = rows.aggregate(first=Min(field), last=Max(field)).values()
    if first is not None:
        for start in range(first - first % size, last + 1, size):
            yield max(start, first), min(start + size - 1, last)
