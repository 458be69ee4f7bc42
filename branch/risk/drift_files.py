"""A card's month as a file: comma-separated values, or a workbook of Excel."""

from collections.abc import Iterator

from branch.risk import files
from branch.risk.drift import Row, Shown

HEAD = [
    "Model", "Month to", "Part", "What", "Count", "Of", "Reference count", "Reference of", "Figure",
]  # fmt: skip
FIGURES = {
    "psi": "Stability index (PSI)",
    "by_chance": "Index by chance alone",
    "gini": "Gini",
    "reference_gini": "Gini of the reference",
    "ks": "KS",
    "ks_score": "Score of the KS",
    "chi_square": "Hosmer-Lemeshow chi-square",
    "freedom": "Degrees of freedom",
    "probability": "Probability by chance",
}


def as_csv(month: Shown) -> bytes:
    """This will write a month as UTF-8 with a mark, as spreadsheets expect it."""
    return files.as_csv(HEAD, _rows(month))


def as_xlsx(month: Shown) -> bytes:
    """This will write a month as a workbook: text as text, figures as numbers."""
    return files.as_xlsx(HEAD, _rows(month), title="Score")


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


def _rows(month: Shown) -> Iterator[list]:
    lead, told = [str(month.card), month.month.on.isoformat()], month.month.figures
    for name, words in FIGURES.items():
        yield [*lead, "Figures", words, None, None, None, None, told[name]]
    yield [*lead, "Answers", "Approved", *_of(told["approved"], told["refused"]), None, None, None]
    overridden = [told["overrides"], told["rules_answers"]]
    yield [*lead, "Answers", "Made against the rules", *overridden, None, None, None]
    yield from _spread([*lead, "Scores"], month.bands)
    for one in month.characteristics:
        yield from _spread([*lead, one.label], one.points)
    for row in month.outcomes:
        predicted = row.other_percent / 100
        yield [*lead, "Bad loans", row.label, row.count, row.other, None, None, predicted]
        apart = None if row.figure is None else round(row.figure, 6)
        yield [*lead, "Bad apart from good up to", row.label, None, None, None, None, apart]
    for row in month.ages:
        yield [*lead, "Approved by age", row.label, row.count, row.other, None, None, None]


def _of(part: int, rest: int) -> list[int]:
    return [part, part + rest]


def _spread(lead: list[str], rows: list[Row]) -> Iterator[list]:
    now, before = sum(row.count for row in rows), sum(row.other for row in rows)
    for row in rows:
        yield [*lead, row.label, row.count, now, row.other, before, row.figure]
