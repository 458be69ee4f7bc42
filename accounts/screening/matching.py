"""
How alike somebody is to an entry of a list, and why (kenya.md 7.3).

The score is 0.6 · alignment + 0.4 · token set, both between 0 and 1, moved by date of birth,
country and gender; one equal document number makes it 1. The alignment pairs each token of the
shorter name with another one of the longer so that the sum of their Jaro-Winkler measures is
highest, in whatever order the names stand. A token without a partner, such as a middle name that
one side leaves out, counts as a half in the divisor: two of three tokens are worth a look, one of
three is nothing. Every figure comes from the dated row `ScreeningTerms`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_set_ratio

from accounts.screening import names
from accounts.screening.facts import Birth, IdNumber, Kind, Listed, Subject

SHORTEST_ID = 5  # Shorter numbers are equal by chance.
FULL = 1.0
SLACK = 1e-4  # Scores are rounded to four decimals.


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of matching on a day, as plain numbers: they are measures, not money."""

    block_from: float
    review_from: float
    alignment_weight: float
    token_set_weight: float
    token_floor: float
    unpaired_weight: float
    born_same_day: float
    born_far: float
    born_far_years: int
    same_country: float
    other_gender: float
    weak_alias_most: float
    trigram_from: float

    @classmethod
    def of(cls, row) -> "Terms":
        """This will read them from a row of `ScreeningTerms`."""
        return cls(**{name: float(getattr(row, name)) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two tokens that were taken for the same one, ours and theirs, and how alike they are."""

    ours: str
    theirs: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Match:
    """The best likeness of a subject to an entry, with every part of the score."""

    score: float
    our_name: str
    their_name: str
    is_weak: bool
    parts: dict[str, float]
    pairings: tuple[Pairing, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A subject with its names normalised once, for many comparisons."""

    subject: Subject
    names: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, subject: Subject) -> "Prepared":
        """This will normalise the names of a subject."""
        written = dict.fromkeys(name.strip() for name in subject.names if name.strip())
        kind = subject.kind
        return cls(
            subject,
            tuple((name, form) for name in written for form in names.forms(name, kind=kind)),
        )


def best_match(
    asked: Prepared, listed: Listed, *, terms: Terms, pairs: Iterable | None = None
) -> Match | None:
    """
    This will give the best likeness over all names of both sides, or over these `pairs` of names;
    None if the kinds differ, or if no name of either has a token.
    """
    if asked.subject.kind not in (None, listed.kind):
        return None
    equal_id = same_id(asked.subject.ids, listed.ids)
    moved = _adjustments(asked.subject, listed, terms=terms)
    if pairs is None:
        pairs = product(asked.names, normalised_names(listed))
    found = [
        _match(ours, theirs, moved, equal_id=equal_id, terms=terms)
        for ours, theirs in pairs
        if ours[1] and theirs[1]
    ]
    return max(found, key=lambda match: match.score, default=None)


def normalised_names(listed: Listed) -> list[tuple[str, str, bool]]:
    """This will give each form of each name of an entry: as written, as compared, if it is weak."""
    return [
        (name.text, form, name.is_weak)
        for name in listed.names
        for form in _forms(name.text, listed.kind)
    ]


def name_score(ours: str, theirs: str, *, terms: Terms) -> tuple[float, float, tuple]:
    """This will compare two normalised names: alignment, token set, and the pairs of tokens."""
    alignment, pairings = aligned(tuple(ours.split()), tuple(theirs.split()), terms=terms)
    return alignment, token_set_ratio(ours, theirs) / 100, pairings


def aligned(
    ours: tuple[str, ...], theirs: tuple[str, ...], *, terms: Terms
) -> tuple[float, tuple[Pairing, ...]]:
    """This will pair the tokens of two names so that the sum of their likenesses is highest."""
    ours, theirs = _joined(ours, theirs), _joined(theirs, ours)
    # For each set of their tokens that is taken, the best sum and its pairs so far.
    best: dict[int, tuple[float, tuple]] = {0: (0.0, ())}
    for token in ours:
        partners = [
            (1 << place, other, likeness)
            for place, other in enumerate(theirs)
            if (likeness := token_likeness(token, other, terms.token_floor))
        ]
        for taken, (total, pairs) in list(best.items()):
            for bit, other, likeness in partners:
                if not taken & bit and total + likeness > best.get(taken | bit, (0.0,))[0]:
                    pair = Pairing(token, other, likeness)
                    best[taken | bit] = total + likeness, (*pairs, pair)
    total, pairs = max(best.values(), key=lambda found: found[0])
    return total / divisor(len(ours), len(theirs), terms=terms), pairs


def divisor(ours: int, theirs: int, *, terms: Terms) -> float:
    """This will give by what an alignment is divided, for names of so many tokens."""
    shorter, longer = sorted((ours, theirs))
    return shorter + terms.unpaired_weight * (longer - shorter)


def can_reach(ours: str, theirs: str, *, alignment: float, lift: float, terms: Terms) -> bool:
    """
    This will say whether two normalised names can reach a review, whose alignment is at most this
    much and whose score is lifted by that much. It is cheap, and never wrong when it says no.
    """
    least = terms.review_from - SLACK - lift  # A score that is rounded up counts too.
    rest = least - terms.alignment_weight * min(FULL, alignment)
    needed = 100 * (rest / terms.token_set_weight - SLACK)
    if needed > 100:
        return False
    return needed <= 0 or token_set_ratio(ours, theirs, score_cutoff=needed) > 0


def could_match(ours: str, theirs: str, *, lift: float, terms: Terms) -> bool:
    """
    This will say whether two normalised names can reach a review with a lift of that much. It reads
    nothing but the two names, so that thousands can be put aside before an entry is read.
    """
    if not can_reach(ours, theirs, alignment=FULL, lift=lift, terms=terms):
        return False
    alignment, _ = aligned(tuple(ours.split()), tuple(theirs.split()), terms=terms)
    return can_reach(ours, theirs, alignment=alignment, lift=lift, terms=terms)


def lift(subject: Subject, listed: Listed, *, terms: Terms) -> float:
    """This will give by how much date of birth, country and gender move a score."""
    return sum(_adjustments(subject, listed, terms=terms).values())


def least_alignment(terms: Terms) -> float:
    """This will give the alignment below which nothing else can lift a score to a review."""
    others = terms.token_set_weight + terms.born_same_day + terms.same_country
    return (terms.review_from - others) / terms.alignment_weight


@lru_cache(maxsize=1_000_000)
def token_likeness(ours: str, theirs: str, floor: float) -> float:
    """
    This will compare two tokens by Jaro-Winkler. Below the floor they are two different names and
    count nothing, unless they sound alike; an initial counts for whatever begins with it.
    """
    if ours == theirs:
        return FULL
    likeness = JaroWinkler.similarity(ours, theirs)
    if likeness >= floor or sounds_alike(ours, theirs):
        return likeness
    is_initial = min(len(ours), len(theirs)) == 1 and ours[0] == theirs[0]
    return likeness if is_initial else 0.0


def sounds_alike(ours: str, theirs: str) -> bool:
    """This will say whether two tokens share a Double Metaphone key."""
    return not set(names.keys_of(ours)).isdisjoint(names.keys_of(theirs))


def same_id(ours: Iterable[IdNumber], theirs: Iterable[IdNumber]) -> bool:
    """This will say whether both name one document; two countries may use the same number."""
    return any(
        len(names.number(one.number)) >= SHORTEST_ID
        and names.number(one.number) == names.number(other.number)
        and (not one.country or not other.country or one.country == other.country)
        for one in ours
        for other in theirs
    )


@lru_cache(maxsize=262_144)
def _forms(text: str, kind: Kind) -> tuple[str, ...]:
    return names.forms(text, kind=kind)


def _joined(tokens: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Abdul Rahman is Abdulrahman, if the other side writes it in one word."""
    for place in range(len(tokens) - 1):
        joined = names.one_spelling(tokens[place] + tokens[place + 1])
        if joined in others and joined not in tokens:
            return (*tokens[:place], joined, *tokens[place + 2 :])
    return tokens


def _match(ours, listed_name, moved, *, equal_id, terms) -> Match:
    their_name, theirs, is_weak = listed_name
    alignment, token_set, pairings = name_score(ours[1], theirs, terms=terms)
    score = terms.alignment_weight * alignment + terms.token_set_weight * token_set
    score = round(min(FULL, max(0.0, score + sum(moved.values()))), 4)
    if is_weak:
        score = min(score, terms.weak_alias_most)
    parts = {"alignment": alignment, "token_set": token_set, **moved}
    if equal_id:
        score, parts = FULL, parts | {"document_number": FULL}
    return Match(score, ours[0], their_name, is_weak, parts, pairings)


def _adjustments(subject: Subject, listed: Listed, *, terms: Terms) -> dict[str, float]:
    found = {}
    if born := _born(subject, listed.births, terms=terms):
        found["date_of_birth"] = born
    if set(subject.nationalities) & set(listed.nationalities):
        found["country"] = terms.same_country
    if subject.gender and listed.gender and subject.gender != listed.gender:
        found["gender"] = terms.other_gender
    return found


def _born(subject: Subject, births: tuple[Birth, ...], *, terms: Terms) -> float:
    day = subject.date_of_birth
    if day is None or not births:
        return 0.0
    if any(birth.is_exact and birth.first == day for birth in births):
        return terms.born_same_day
    years = min(max(birth.first.year - day.year, day.year - birth.last.year, 0) for birth in births)
    return terms.born_far if years > terms.born_far_years else 0.0
