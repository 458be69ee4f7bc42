"""What a provider said, in one shape for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Result(StrEnum):
    """What became of one question."""

    FOUND = "FOUND"
    NOT_FOUND = "NOT_FOUND"
    NO_ANSWER = "NO_ANSWER"  # Down, too slow, or not to be understood: nothing is known.
    NOBODY = "NOBODY"  # There is no provider yet.


@dataclass(frozen=True)
class Answer:
    """
    The answer to one question. A register gives `names` and `born`, which we compare; a network
    compares itself and gives `scores`, 0 to 100 by field, and the names that `differ`.
    """

    result: Result
    reference: str = ""
    raw: str = ""
    error: str = ""
    names: tuple[str, ...] = ()
    born: date | None = None
    is_deceased: bool = False
    scores: Mapping[str, int] = field(default_factory=dict)
    differing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is asked about: the customer's own words."""

    full_name: str
    national_id: str
    date_of_birth: date
    phone: str = ""
