"""How well names are matched: precision and recall over pairs whose answers are known."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accounts.screening.facts import Kind, Listed, Name, Subject
from accounts.screening.loaders.parsed import birth_of
from accounts.screening.matching import Match, Prepared, Terms, best_match

PAIRS = Path(__file__).parent / "tests" / "data" / "pairs.csv"


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody of ours, somebody listed, and whether they are the same."""

    case: str
    is_same: bool
    subject: Subject
    listed: Listed


@dataclass(frozen=True, slots=True)
class Answer:
    """What matching said of a pair."""

    pair: Pair
    match: Match

    def passes(self, threshold: float) -> bool:
        """The score reaches a threshold."""
        return self.match.score >= threshold


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts at one threshold, and what they say."""

    found: int
    missed: int
    wrong: int
    right_to_pass: int

    @property
    def precision(self) -> float:
        """Of what is stopped, how much is right."""
        return round(self.found / (self.found + self.wrong), 4)

    @property
    def recall(self) -> float:
        """Of what is to be stopped, how much is."""
        return round(self.found / (self.found + self.missed), 4)


def pairs() -> list[Pair]:
    """This will read the pairs of `tests/data/pairs.csv`; their names are invented."""
    with PAIRS.open(newline="", encoding="utf-8") as file:
        return [_pair(number, row) for number, row in enumerate(csv.DictReader(file), 1)]


def answers(terms: Terms) -> list[Answer]:
    """This will ask matching about every pair."""
    return [
        Answer(pair, best_match(Prepared.of(pair.subject), pair.listed, terms=terms))
        for pair in pairs()
    ]


def quality(given: Iterable[Answer], *, threshold: float) -> Quality:
    """This will count what a threshold finds, misses and stops wrongly."""
    counts = defaultdict(int)
    for answer in given:
        counts[answer.pair.is_same, answer.passes(threshold)] += 1
    return Quality(
        found=counts[True, True],
        missed=counts[True, False],
        wrong=counts[False, True],
        right_to_pass=counts[False, False],
    )


def by_case(given: Iterable[Answer], *, threshold: float) -> dict[str, tuple[int, int]]:
    """This will give, for each kind of pair, how many were answered rightly and of how many."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for answer in given:
        counts[answer.pair.case][0] += answer.passes(threshold) == answer.pair.is_same
        counts[answer.pair.case][1] += 1
    return {case: (right, of) for case, (right, of) in counts.items()}


def _pair(number: int, row: dict) -> Pair:
    kind = Kind(row["kind"])
    births = [birth_of(row["their_born"])] if row["their_born"] else []
    born = row["our_born"]
    return Pair(
        case=row["case"],
        is_same=row["same"] == "yes",
        subject=Subject(
            owner_ref=f"pair:{number}",
            names=(row["ours"],),
            kind=kind,
            date_of_birth=date.fromisoformat(born) if born else None,
            nationalities=("KE",),
            gender=row["our_gender"],
        ),
        listed=Listed(
            uid=str(number),
            kind=kind,
            names=(Name(row["theirs"], is_weak=row["their_weak"] == "yes"),),
            births=tuple(births),
            nationalities=tuple(filter(None, [row["their_country"]])),
            gender=row["their_gender"],
        ),
    )
