"""
Whether two names are one person's, whatever their order and spelling: each name of one is laid
beside the name of the other that it is most like.
"""

import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

LEAST_NAMES = 2  # One shared name proves nobody: half a village is called Wanjiku.
TITLES = {"MR", "MRS", "MS", "MISS", "DR", "PROF", "HON", "REV", "ENG", "BIN", "BINT"}
_JOINED = str.maketrans({"-": " ", "'": "", "\u2019": "", ".": " ", ",": " "})


@dataclass(frozen=True)
class Likeness:
    """How much of a name was found in the other, 0 to 100, and what was not."""

    percent: int
    differing: tuple[str, ...]


def compare(told: str, registered: tuple[str, ...], *, same_from: int) -> Likeness:
    """
    This will lay the names that a customer told beside those of the register. Two count as the same
    from a Jaro-Winkler likeness of `same_from` percent on. The share is of the shorter list, since
    many people leave a name out.
    """
    mine, theirs = tokens(told), tokens(" ".join(registered))
    pairs = sorted(
        (
            (_percent(one, other), i, j)
            for i, one in enumerate(mine)
            for j, other in enumerate(theirs)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_mine, used_theirs = set(), set()
    for likeness, i, j in pairs:
        if likeness >= same_from and i not in used_mine and j not in used_theirs:
            used_mine.add(i)
            used_theirs.add(j)
    least = max(min(len(mine), len(theirs)), min(LEAST_NAMES, len(mine)), 1)
    differing = tuple(name.title() for i, name in enumerate(mine) if i not in used_mine)
    return Likeness(100 * len(used_mine) // least, differing)


def tokens(name: str) -> list[str]:
    """This will give the names in capitals, without accents, marks and titles."""
    plain = unicodedata.normalize("NFKD", name.translate(_JOINED))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = letters.upper().split()
    return [word for word in words if word not in TITLES] or words


def _percent(one: str, other: str) -> int:
    return int(100 * JaroWinkler.similarity(one, other))
