"""Charts drawn on the server: the figures of an SVG, so that tests read numbers and not pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEFT, RIGHT, TOP, FLOOR = 42, 318, 12, 108  # Left of it four letters of a rule have room.
BASELINE = 126  # Where the words under the bars stand.
STEPS = 3  # Lines above zero.
ROUND_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
BAR_GAP = 4
WIDTH = 320


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in units of its viewBox; `series` 1 or 2 picks its colour."""

    x: str
    y: str
    width: str
    height: str
    series: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a chart at its place."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class PairBars:
    """Two bars a group on a ruled ground that starts at zero (viewBox 0 0 320 132)."""

    bars: list[Bar]
    rules: list[Mark]
    labels: list[Mark]


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """How far a figure reaches on a bar, and where its cut-off stands (viewBox 0 0 320 40)."""

    reach: str
    cut: str
    word: Mark
    anchor: str  # Where the word of the cut-off stands to its line: it never leaves the ground.


@dataclass(frozen=True, slots=True)
class LevelBars:
    """One bar a group on a ground that starts at zero, with bounds across (viewBox 0 0 320 132)."""

    bars: list[Bar]
    levels: list[Mark]
    labels: list[Mark]


def level_bars(
    groups: Sequence[tuple[str, Decimal | None]], levels: Sequence[tuple[str, Decimal]]
) -> LevelBars | None:
    """
    This will lay out (label, figure) groups, none of them negative, under (word, bound) lines. What
    has no figure has no bar; None, if nothing has one.
    """
    known = [figure for _label, figure in groups if figure is not None]
    if not known:
        return None
    highest = max([*known, *(bound for _word, bound in levels)]) * Decimal("1.1")
    room = Decimal(RIGHT - LEFT) / len(groups)
    width = min(Decimal(22), room - BAR_GAP)
    bars, labels = [], []
    for place, (label, figure) in enumerate(groups):
        middle = LEFT + room * place + room / 2
        labels.append(Mark(_short(middle), str(BASELINE), label))
        if figure is not None:
            top = _height(figure, highest)
            left = _short(middle - width / 2)
            bars.append(Bar(left, _short(top), _short(width), _short(FLOOR - top), 1))
    zero = ("0", Decimal(0))
    lines = [
        Mark(str(LEFT), _short(_height(bound, highest)), word) for word, bound in [zero, *levels]
    ]
    return LevelBars(bars, lines, labels)


def _height(figure: Decimal, highest: Decimal) -> Decimal:
    return FLOOR - figure / highest * (FLOOR - TOP)


def score_bar(score: int, cut: int, *, whole: int, word: str) -> ScoreBar:
    """This will lay out a score of a whole, and its cut-off with its word under the bar."""
    line = Decimal(WIDTH * cut) / whole
    anchor = "start" if line < WIDTH / 4 else "end" if line > WIDTH * 3 / 4 else "middle"
    return ScoreBar(
        reach=_short(Decimal(WIDTH * score) / whole),
        cut=_short(line),
        word=Mark(_short(line), "36", word),
        anchor=anchor,
    )


def pair_bars(groups: Sequence[tuple[str, Decimal, Decimal]]) -> PairBars | None:
    """
    This will lay out (label, first, second) groups side by side; None if all are zero.

    Amounts are not negative. The scale ends at a round figure, so that lines read easily.
    """
    highest = max((max(first, second) for _label, first, second in groups), default=Decimal(0))
    if not highest:
        return None
    step = _round_step(highest)
    room = Decimal(RIGHT - LEFT) / len(groups)
    width = min(Decimal(22), (room - 3 * BAR_GAP) / 2)
    bars, labels = [], []
    for place, (label, first, second) in enumerate(groups):
        middle = LEFT + room * place + room / 2
        for series, amount in ((1, first), (2, second)):
            left = middle - width - BAR_GAP // 2 if series == 1 else middle + BAR_GAP // 2
            height = amount / (step * STEPS) * (FLOOR - TOP)
            bars.append(
                Bar(_short(left), _short(FLOOR - height), _short(width), _short(height), series)
            )
        labels.append(Mark(_short(middle), str(BASELINE), label))
    rules = [
        Mark(str(LEFT), _short(FLOOR - Decimal(FLOOR - TOP) / STEPS * line), thousands(step * line))
        for line in range(STEPS + 1)
    ]
    return PairBars(bars, rules, labels)


def thousands(amount: Decimal) -> str:
    """This will shorten a round amount for an axis: 60k, 1.5m."""
    for size, letter in ((Decimal(1_000_000), "m"), (Decimal(1000), "k")):
        if amount >= size:
            return f"{_short(amount / size)}{letter}"
    return _short(amount)


def _round_step(highest: Decimal) -> Decimal:
    """The smallest of 1, 2, 2.5, 5, 10 … whose lines reach above the highest bar."""
    needed = highest / STEPS
    size = Decimal(1).scaleb(needed.adjusted())
    return next(size * step for step in ROUND_STEPS if size * step >= needed)


def _short(number: Decimal) -> str:
    return f"{round(Decimal(number), 1):f}".removesuffix(".0")
