"""
Many subjects against many entries, in memory: for a list's changes and for measuring.

One subject is looked up in the database (`queries.candidates`); thousands would make it read the
same rows again and again. Here each token of ours is compared once with every token of the list,
and only names whose tokens can add up to a score worth a look are compared in full.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extract

from accounts.screening import names
from accounts.screening.facts import Listed, Subject
from accounts.screening.matching import (
    FULL,
    SLACK,
    Match,
    Prepared,
    Terms,
    best_match,
    can_reach,
    divisor,
    least_alignment,
    lift,
    normalised_names,
    token_likeness,
)


class Index:
    """Entries by their tokens and document numbers. It never changes once it is made."""

    def __init__(self, entries: Iterable[tuple[int, Listed]], *, terms: Terms):
        self.terms = terms
        self.entries: dict[int, Listed] = {}
        self._names: list[tuple[int, tuple, int]] = []  # Entry, name, how many tokens.
        self._with_token: dict[str, set[int]] = defaultdict(set)
        self._with_joined: dict[str, set[int]] = defaultdict(set)
        self._with_number: dict[str, list[int]] = defaultdict(list)
        self._with_sound: dict[str, list[str]] = defaultdict(list)
        self._of_one_token: set[int] = set()
        self._alike: dict[str, dict[str, float]] = {}
        for key, listed in entries:
            self._add(key, listed)
        self._tokens = list(self._with_token)
        self._initials = [token for token in self._tokens if len(token) == 1]
        for token in self._tokens:
            for sound in names.keys_of(token):
                self._with_sound[sound].append(token)

    def matches(self, subject: Subject) -> Iterator[tuple[int, Match]]:
        """This will give every entry that scores enough for a review, and how."""
        asked, least = Prepared.of(subject), self.terms.review_from
        for key, pairs in sorted(self._candidates(asked).items()):
            match = best_match(asked, self.entries[key], terms=self.terms, pairs=pairs)
            if match is not None and match.score >= least:
                yield key, match

    def _candidates(self, asked: Prepared) -> dict[int, list | None]:
        """
        The entries that can reach a review, with the pairs of names that can; None for all pairs,
        where a document number is the same.
        """
        found: dict[int, list | None] = defaultdict(list)
        lifts: dict[int, float] = {}
        terms = self.terms
        for ours in asked.names:
            tokens = ours[1].split()
            divisors = [
                divisor(len(tokens), size, terms=self.terms)
                for size in range(names.MOST_TOKENS + 1)
            ]
            least = [least_alignment(terms) * each - SLACK for each in divisors]
            for place, most in self._totals(tokens).items():
                key, theirs, size = self._names[place]
                if most < least[size]:
                    continue
                if key not in lifts:
                    lifts[key] = lift(asked.subject, self.entries[key], terms=terms)
                bound = most / divisors[size]
                if can_reach(
                    ours[1], theirs[1], alignment=bound, lift=lifts[key], terms=self.terms
                ):
                    found[key].append((ours, theirs))
        for one in asked.subject.ids:
            found |= dict.fromkeys(self._with_number.get(names.number(one.number), ()))
        return found

    def _add(self, key: int, listed: Listed) -> None:
        self.entries[key] = listed
        for one in listed.ids:
            self._with_number[names.number(one.number)].append(key)
        for name in normalised_names(listed):
            tokens = name[1].split()
            place = len(self._names)
            self._names.append((key, name, len(tokens)))
            for token in tokens:
                self._with_token[token].add(place)
            for joined in _joined(tokens):
                self._with_joined[joined].add(place)
            if len(tokens) == 1:
                self._of_one_token.add(place)

    def _totals(self, tokens: list[str]) -> dict[int, float]:
        """For each name that matters, the most that its tokens' likenesses can add up to."""
        alike = [self._alike_tokens(token) for token in tokens if len(token) > 1]
        alike.sort(key=lambda others: sum(len(self._with_token[other]) for other in others))
        # An initial of ours is like every token with that letter: too many to look up, so it is
        # taken for fully alike.
        initials = len(tokens) - len(alike)
        # One token alone lifts no name of two. So the names of the commonest token, thousands of
        # them, are looked at only as far as another token led to them.
        is_alone_too_little = not initials and 2 * least_alignment(self.terms) > FULL
        totals: dict[int, float] = {}
        for turn, others in enumerate(alike, 1):
            is_last = turn == len(alike) > 1 and is_alone_too_little
            reached = totals.keys() | self._of_one_token if is_last else None
            best: dict[int, float] = {}
            for other, likeness in others.items():
                places = self._with_token[other]
                for place in places if reached is None else places & reached:
                    if likeness > best.get(place, 0.0):
                        best[place] = likeness
            for place, likeness in best.items():
                totals[place] = totals.get(place, initials) + likeness
        for place in self._joined_names(tokens):
            totals[place] = len(tokens)
        return totals

    def _joined_names(self, tokens: list[str]) -> set[int]:
        """Names in which two tokens are one of ours, or the other way round."""
        theirs = [self._with_joined[token] for token in tokens if token in self._with_joined]
        ours = [self._with_token[one] for one in _joined(tokens) if one in self._with_token]
        return set().union(*theirs, *ours)

    def _alike_tokens(self, token: str) -> dict[str, float]:
        known = self._alike.get(token)
        if known is None:
            floor = self.terms.token_floor
            # A little below: at exactly the floor the search rounds otherwise than the measure.
            close = extract(
                token,
                self._tokens,
                scorer=JaroWinkler.similarity,
                processor=None,
                score_cutoff=floor - SLACK,
                limit=None,
            )
            sounding = {one for key in names.keys_of(token) for one in self._with_sound[key]}
            known = {other: likeness for other, likeness, _ in close}
            known |= {other: token_likeness(token, other, floor) for other in sounding}
            known |= {letter: FULL for letter in self._initials if letter == token[:1]}
            self._alike[token] = known
        return known


def _joined(tokens: list[str]) -> list[str]:
    return [names.one_spelling(a + b) for a, b in pairwise(tokens)]
