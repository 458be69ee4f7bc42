"""
What rooms keep by themselves and no person books by hand: a proof ties these lines to the tables of
the room, so that one voucher on them would stop the nights. Rooms say it in a constant of theirs,
or in a function where dated rows name the lines; `KEPT_BY_ROOMS` of wekeza/wiring.py lists them.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Kept:
    """
    Codes of lines (of one that is the sum of others, those below it are kept too), kinds of
    entries, and in a sentence what is done instead of a voucher.
    """

    lines: frozenset[str]
    kinds: frozenset[str]
    instead: str


def by_line(code: str) -> Kept | None:
    """This will give what keeps a line of the chart, if a room keeps it by itself."""
    return next((kept for kept in _all() if code in kept.lines), None)


def by_kind(kind: str) -> Kept | None:
    """This will give what keeps a kind of entries, if a room keeps it by itself."""
    return next((kept for kept in _all() if kind in kept.kinds), None)


def _all() -> list[Kept]:
    found = [import_string(path) for path in settings.KEPT_BY_ROOMS]
    return [room() if callable(room) else room for room in found]
