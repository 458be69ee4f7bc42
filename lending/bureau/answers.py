"""What a bureau said, in the words of our cards of points."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """What became of one question."""

    FOUND = "FOUND"
    NO_ANSWER = "NO_ANSWER"  # Down, too slow, or not to be understood: nothing is known.
    NOBODY = "NOBODY"  # There is no bureau yet.


class Standing(StrEnum):
    """How somebody stands at the bureau, the worst that is true (kenya.md 4.5, 4.6)."""

    OPEN_NPL = "OPEN_NPL"
    SETTLED_DEFAULT = "SETTLED_DEFAULT"
    SETTLED_OLDER = "SETTLED_OLDER"  # Settled more than twelve months ago.
    THIN = "THIN"  # No account on file, or nobody of that number.
    CLEAN = "CLEAN"
    CLEAN_WITH_GOOD = "CLEAN_WITH_GOOD"  # With two good accounts or more.


@dataclass(frozen=True, slots=True)
class Report:
    """
    The answer to one question. Without an answer `standing` is None: nothing is made up in its
    place. `raw` is the whole answer, for the sealed record.
    """

    result: Result
    reference: str = ""
    standing: Standing | None = None
    enquiries_3_months: int | None = None
    raw: str = ""
    error: str = ""
