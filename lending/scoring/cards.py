"""
A card of points: arithmetic on facts, no tables.

A card is a list of characteristics. Each gives points to one fact by its rows, of which the first
that fits counts: [bound, points] where the fact is AT_LEAST or AT_MOST the bound, [value, points]
where it IS the value. A last row without a bound ([None, points]) takes the rest, and a fact that
nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

WHOLE = 1000  # What all characteristics give at most (RF02).
RULES = ("AT_LEAST", "AT_MOST", "IS")

Fact = Decimal | int | str | None


class BadCard(ValueError):
    """A card that could not be worked by."""


@dataclass(frozen=True, slots=True)
class Points:
    """What one characteristic gave of what it could."""

    name: str
    fact: str
    points: int
    most: int

    @property
    def lost(self) -> int:
        return self.most - self.points


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of all characteristics, each with its points."""

    total: int
    points: list[Points]

    def reasons(self, most: int = 3) -> list[Points]:
        """This will give what cost the most points, the heaviest first."""
        lost = [one for one in self.points if one.lost]
        return sorted(lost, key=lambda one: -one.lost)[:most]


def score(card: list[dict], facts: Mapping[str, Fact]) -> Score:
    """
    This will give the points that facts make by a card. Facts that the card does not name count
    for nothing; one that is missing counts like one that nobody knows.

    :raises BadCard: if a fact is of another kind than its characteristic compares.
    """
    points = [_points(one, facts.get(one["name"])) for one in card]
    return Score(sum(one.points for one in points), points)


def check(card: list[dict]) -> None:
    """
    This will look whether a card can be worked by.

    :raises BadCard: with what is wrong: a characteristic without a last row, bounds that are not in
        order, points that are negative, or a whole that is not a thousand.
    """
    if not isinstance(card, list) or not card:
        raise BadCard("A card is a list of characteristics.")
    names = [one.get("name") for one in card if isinstance(one, dict)]
    if len(names) != len(card) or len(set(names)) != len(names) or not all(names):
        raise BadCard("Every characteristic has a name of its own.")
    for one in card:
        _check_rows(one["name"], one.get("rule"), one.get("rows"))
    if (whole := sum(_most(one) for one in card)) != WHOLE:
        raise BadCard(f"All characteristics give {whole} points at most; it must be {WHOLE}.")


def _points(characteristic: dict, fact: Fact) -> Points:
    name, rule = characteristic["name"], characteristic["rule"]
    for bound, points in characteristic["rows"]:
        if bound is None or (fact is not None and _fits(rule, fact, bound, name)):
            return Points(name, "" if fact is None else str(fact), points, _most(characteristic))
    raise BadCard(f"{name} has no last row")


def _fits(rule: str, fact: Fact, bound, name: str) -> bool:
    if rule == "IS":
        return str(fact) == str(bound)
    if isinstance(fact, str):
        raise BadCard(f"{name} compares numbers, not {fact}")
    return fact >= Decimal(str(bound)) if rule == "AT_LEAST" else fact <= Decimal(str(bound))


def _most(characteristic: dict) -> int:
    return max(points for _bound, points in characteristic["rows"])


def _check_rows(name: str, rule, rows) -> None:
    if rule not in RULES:
        raise BadCard(f"{name}: the rule is one of {', '.join(RULES)}.")
    if not isinstance(rows, list) or not all(
        isinstance(row, list) and len(row) == 2 for row in rows
    ):
        raise BadCard(f"{name}: each row is a bound and its points.")
    if not rows or rows[-1][0] is not None or any(bound is None for bound, _ in rows[:-1]):
        raise BadCard(f"{name}: the last row, and only that, has no bound.")
    if any(type(points) is not int or points < 0 for _bound, points in rows):
        raise BadCard(f"{name}: points are whole and not negative.")
    bounds = [bound for bound, _points in rows[:-1]]
    if rule == "IS":
        if len(set(bounds)) != len(bounds):
            raise BadCard(f"{name}: a value stands there once.")
        return
    if any(type(bound) not in (int, float) for bound in bounds):
        raise BadCard(f"{name}: bounds are numbers.")
    if bounds != sorted(set(bounds), reverse=rule == "AT_LEAST"):
        raise BadCard(f"{name}: bounds go {'down' if rule == 'AT_LEAST' else 'up'}.")
