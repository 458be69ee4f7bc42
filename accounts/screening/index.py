"""
Many subjects against many entries, in memory: for a list's changes and for measuring.

One subject is looked up in the database (`queries.candidates`); thousands would make it read the
same rows again and again. Here each token of ours is compared once with every token of the list,
and only names whose tokens can add up to a score worth a look are compared in full.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extract

from accounts.screening import names
from accounts.screening.facts import Listed, Subject
from accounts.screening.matching import (
    FULL,
    Match,
    Prepared,
    Terms,
    best_match,
    normalised_names,
    token_likeness,
)


class Index:
    """Entries by their tokens and document numbers. It never changes once it is made."""

    def __init__(self, entries: Iterable[tuple[int, Listed]], *, terms: Terms):
        self.terms = terms
        self.entries: dict[int, Listed] = {}
        self._names: list[tuple[int, int]] = []  # The entry and how many tokens the name has.
        self._with_token: dict[str, list[int]] = defaultdict(list)
        self._with_number: dict[str, list[int]] = defaultdict(list)
        self._alike: dict[str, list[tuple[str, float]]] = {}
        for key, listed in entries:
            self._add(key, listed)
        self._tokens = list(self._with_token)
        self._with_sound: dict[str, list[str]] = defaultdict(list)
        for token in self._tokens:
            for key in names.keys_of(token):
                self._with_sound[key].append(token)
        self._initials = [token for token in self._tokens if len(token) == 1]

    def matches(self, subject: Subject) -> Iterator[tuple[int, Match]]:
        """This will give every entry that scores enough for a review, and how."""
        asked = Prepared.of(subject)
        for key in sorted(self.candidates(asked)):
            match = best_match(asked, self.entries[key], terms=self.terms)
            if match is not None and match.score >= self.terms.review_from:
                yield key, match

    def candidates(self, asked: Prepared) -> set[int]:
        """This will give the entries that can reach a review: all of them, and a few more."""
        found = {
            key
            for one in asked.subject.ids
            for key in self._with_number.get(names.number(one.number), ())
        }
        for _, normalised in asked.names:
            found |= self._alike_names(normalised.split())
        return found

    def _add(self, key: int, listed: Listed) -> None:
        self.entries[key] = listed
        for one in listed.ids:
            self._with_number[names.number(one.number)].append(key)
        for _, normalised, _ in normalised_names(listed):
            tokens = normalised.split()
            self._names.append((key, len(tokens)))
            for token in dict.fromkeys(tokens):
                self._with_token[token].append(len(self._names) - 1)

    def _alike_names(self, tokens: list[str]) -> set[int]:
        most: dict[int, float] = defaultdict(float)
        for token in tokens:
            best: dict[int, float] = {}
            for other, likeness in self._alike_tokens(token):
                for place in self._with_token[other]:
                    if likeness > best.get(place, 0.0):
                        best[place] = likeness
            for place, likeness in best.items():
                most[place] += likeness
        terms, needed = self.terms, least_alignment(self.terms)
        # An initial of ours is like every token with that letter: too many to look up, so it is
        # taken for fully alike.
        initials = sum(1 for token in tokens if len(token) == 1)
        found = set()
        for place, total in most.items():
            key, size = self._names[place]
            shorter, longer = sorted((len(tokens), size))
            divisor = shorter + terms.unpaired_weight * (longer - shorter)
            if total + initials >= needed * divisor:
                found.add(key)
        return found

    def _alike_tokens(self, token: str) -> list[tuple[str, float]]:
        known = self._alike.get(token)
        if known is None:
            floor = self.terms.token_floor
            close = extract(
                token,
                self._tokens,
                scorer=JaroWinkler.similarity,
                processor=None,
                score_cutoff=floor,
                limit=None,
            )
            found = {other: likeness for other, likeness, _ in close}
            sounding = {o for key in names.keys_of(token) for o in self._with_sound[key]}
            found |= {other: token_likeness(token, other, floor) for other in sounding}
            found |= {letter: FULL for letter in self._initials if letter == token[:1]}
            known = self._alike[token] = list(found.items())
        return known


def least_alignment(terms: Terms) -> float:
    """This will give the alignment below which nothing else can lift a score to a review."""
    others = terms.token_set_weight + terms.born_same_day + terms.same_country
    return (terms.review_from - others) / terms.alignment_weight
