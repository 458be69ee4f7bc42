"""What a bureau said, in the words of our cards of points."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Result(models.TextChoices):
    """What became of one question."""

    FOUND = "FOUND", _("Answered")
    NO_ANSWER = "NO_ANSWER", _("No answer")  # Down, too slow, or unclear: nothing is known.
    NOBODY = "NOBODY", _("There was no bureau to ask")


class Standing(models.TextChoices):
    """How somebody stands at the bureau, the worst that is true (kenya.md 4.5, 4.6)."""

    OPEN_NPL = "OPEN_NPL", _("In default now")
    SETTLED_DEFAULT = "SETTLED_DEFAULT", _("Was in default, settled within a year")
    SETTLED_OLDER = "SETTLED_OLDER", _("Was in default, settled longer ago")
    THIN = "THIN", _("Nothing on file")  # No account, or nobody of that number.
    CLEAN = "CLEAN", _("In good order")
    CLEAN_WITH_GOOD = "CLEAN_WITH_GOOD", _("In good order, two accounts or more")


# The worst first: what went wrong, then what is known, then the rest.
_BY_WEIGHT = [
    Standing.OPEN_NPL,
    Standing.SETTLED_DEFAULT,
    Standing.SETTLED_OLDER,
    Standing.CLEAN_WITH_GOOD,
    Standing.CLEAN,
    Standing.THIN,
]


def joint(*standings: str) -> str | None:
    """
    This will give how several stand as one (kenya.md 4.7, business and directors): whatever went
    wrong of any counts, else the best that is known of any. None while one of them is not known.
    """
    if not all(standings):
        return None
    return min(standings, key=_BY_WEIGHT.index)


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
