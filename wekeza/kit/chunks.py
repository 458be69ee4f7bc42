"""Long work in short transactions."""

from collections.abc import Iterator

from django.db.models import Max, Min, QuerySet


def id_ranges(rows: QuerySet, size: int) -> Iterator[tuple[int, int]]:
    """This will yield (first, last) primary-key ranges that cover the rows, each `size` wide."""
    first, last = rows.aggregate(first=Min("pk"), last=Max("pk")).values()
    if first is not None:
        for start in range(first, last + 1, size):
            yield start, min(start + size - 1, last)
