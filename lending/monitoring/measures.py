"""
How well a score works, as arithmetic on counts (kenya.md 4.8); no tables. Counts are of decisions
or of loans, by score or by band. Logarithms and exponentials make these floats; no money is here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, exp, gamma, log, sqrt


@dataclass(frozen=True, slots=True)
class Stability:
    """How far a spread of counts is from another: `parts` by band, and their sum."""

    index: float
    parts: list[float]


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a score parts good from bad; `ks_score` is where the two are furthest apart."""

    auc: float
    gini: float
    ks: float
    ks_score: int


@dataclass(frozen=True, slots=True)
class Group:
    """Loans of one band: how many, how many went bad, and which fraction should have."""

    loans: int
    bad: int
    predicted: float


@dataclass(frozen=True, slots=True)
class Fit:
    """
    Hosmer and Lemeshow's test of predicted against observed: its sum, its degrees of freedom, and
    the probability of as much or more by chance alone.
    """

    chi_square: float
    freedom: int
    probability: float


def stability(
    expected: Sequence[int], actual: Sequence[int], *, least_share: float
) -> Stability | None:
    """
    This will give the population stability index of counts by band against expected ones: the sum
    of (a - e) ln(a / e) of their shares, none of which counts as less than `least_share`. The same
    of a characteristic's points is its CSI. None, if one of the two has no counts.
    """
    if not sum(expected) or not sum(actual):
        return None
    parts = []
    for before, now in zip(expected, actual, strict=True):
        was = max(before / sum(expected), least_share)
        is_ = max(now / sum(actual), least_share)
        parts.append((is_ - was) * log(is_ / was))
    return Stability(sum(parts), parts)


def by_chance(expected: Sequence[int], actual: Sequence[int]) -> float:
    """
    This will give what the index is on average when nothing drifts at all, for so few counts:
    (bands - 1)(1/n + 1/m) (Yurdakul and Naranjo, 2020). Bands that nobody is in do not count.
    """
    bands = sum(1 for before, now in zip(expected, actual, strict=True) if before or now)
    return (bands - 1) * (1 / sum(expected) + 1 / sum(actual))


def separation(good: Mapping[int, int], bad: Mapping[int, int]) -> Separation | None:
    """
    This will tell how well a score parts good from bad loans, given counts by score: the area under
    the curve by ranks, ties at their middle rank; Gini is 2 AUC - 1, and KS the greatest distance
    between the shares of bad and good loans up to a score. None without one of each.
    """
    goods, bads = sum(good.values()), sum(bad.values())
    if not goods or not bads:
        return None
    ranks, seen, good_seen, bad_seen = 0.0, 0, 0, 0
    ks, ks_score = 0.0, 0
    for score in sorted(good.keys() | bad.keys()):
        here = good.get(score, 0) + bad.get(score, 0)
        ranks += good.get(score, 0) * (seen + (here + 1) / 2)
        seen += here
        good_seen += good.get(score, 0)
        bad_seen += bad.get(score, 0)
        apart = abs(bad_seen / bads - good_seen / goods)
        if apart > ks:
            ks, ks_score = apart, score
    auc = (ranks - goods * (goods + 1) / 2) / (goods * bads)
    return Separation(auc, 2 * auc - 1, ks, ks_score)


def default_fraction(score: int, *, base: float, per_point: float) -> float:
    """This will give which fraction of loans of a score should go bad (kenya.md 4.2)."""
    return 1 / (1 + exp(base + per_point * score))


def fit(groups: Iterable[Group]) -> Fit | None:
    """
    This will test predicted against observed bad loans by band. The prediction was not made from
    these loans, so each band is a degree of freedom. None, if there are no loans.
    """
    chi_square, freedom = 0.0, 0
    for group in groups:
        spread = group.loans * group.predicted * (1 - group.predicted)
        if spread:
            chi_square += (group.bad - group.loans * group.predicted) ** 2 / spread
            freedom += 1
    if not freedom:
        return None
    return Fit(chi_square, freedom, chi_square_tail(chi_square, freedom))


def chi_square_tail(value: float, freedom: int) -> float:
    """
    This will give the probability that a chi-square of whole degrees of freedom is above a value,
    by its finite sum (Abramowitz and Stegun 26.4.4 and 26.4.5).
    """
    half, odd = value / 2, freedom % 2
    powers = range(freedom // 2)
    if not odd:
        return exp(-half) * sum(half**k / gamma(k + 1) for k in powers)
    return erfc(sqrt(half)) + exp(-half) * sum(half ** (k + 0.5) / gamma(k + 1.5) for k in powers)
