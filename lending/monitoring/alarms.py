"""What of a card's month is out of bounds: arithmetic on its figures and terms, no tables."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from lending.monitoring.models import MonitorTerm

WATCH, ALARM = "WATCH", "ALARM"
Kind = MonitorTerm.Kind
Terms = Mapping[str, Decimal]


def of(figures: dict, terms: Terms) -> list[dict]:
    """
    This will give the alarms of a month's figures: each its `code`, a `level` (watch or alarm), the
    figure, and the bound that it passed (kenya.md 4.8). What is None raises none.
    """
    return [
        *_drift(figures, terms),
        *_separation(figures, terms),
        *_overrides(figures, terms),
        *_fairness(figures, terms),
    ]


def level_of(index: float | None, terms: Terms) -> str:
    """This will tell whether a stability index is to be watched or investigated, or empty."""
    if index is None or index < terms[Kind.PSI_WATCH]:
        return ""
    return ALARM if index > terms[Kind.PSI_INVESTIGATE] else WATCH


def rate(part: int, whole: int) -> float | None:
    """This will give a part of a whole; of nothing there is none."""
    return part / whole if whole else None


def fairness_of(ages: list[dict], terms: Terms) -> float | None:
    """
    This will give the lowest approval rate of groups of age to the highest, of those groups that
    have answers enough; None if there are not two.
    """
    rates = [
        one["approved"] / (one["approved"] + one["refused"])
        for one in ages
        if one["approved"] + one["refused"] >= max(terms[Kind.LEAST_GROUP], 1)
    ]
    return min(rates) / max(rates) if len(rates) > 1 and max(rates) else None


def _drift(figures: dict, terms: Terms) -> Iterator[dict]:
    spreads = [("PSI", "", figures["psi"])]
    spreads += [("CSI", one["name"], one["csi"]) for one in figures["characteristics"]]
    for code, name, index in spreads:
        if level := level_of(index, terms):
            bound = terms[Kind.PSI_INVESTIGATE if level == ALARM else Kind.PSI_WATCH]
            yield _alarm(code, index, bound, level=level, name=name)


def _separation(figures: dict, terms: Terms) -> Iterator[dict]:
    gini, before, chance = figures["gini"], figures["reference_gini"], figures["probability"]
    if gini is not None and gini < terms[Kind.LEAST_GINI]:
        yield _alarm("GINI", gini, terms[Kind.LEAST_GINI])
    if gini is not None and before is not None and before > 0:
        fall = 100 * (before - gini) / before
        if fall > terms[Kind.GINI_DROP_PERCENT]:
            yield _alarm("GINI_DROP", fall, terms[Kind.GINI_DROP_PERCENT])
    if chance is not None and chance < terms[Kind.FIT_PROBABILITY]:
        yield _alarm("FIT", chance, terms[Kind.FIT_PROBABILITY])


def _overrides(figures: dict, terms: Terms) -> Iterator[dict]:
    share = rate(100 * figures["overrides"], figures["rules_answers"])
    if share is not None and share > terms[Kind.OVERRIDE_PERCENT]:
        yield _alarm("OVERRIDE", share, terms[Kind.OVERRIDE_PERCENT])
    if figures["override_bad"] < terms[Kind.LEAST_BAD]:
        return
    others = rate(
        figures["bad"] - figures["override_bad"], figures["loans"] - figures["override_loans"]
    )
    if others:
        ratio = figures["override_bad"] / figures["override_loans"] / others
        if ratio > terms[Kind.OVERRIDE_BAD_RATIO]:
            yield _alarm("OVERRIDE_BAD", ratio, terms[Kind.OVERRIDE_BAD_RATIO])


def _fairness(figures: dict, terms: Terms) -> Iterator[dict]:
    ratio = fairness_of(figures["ages"], terms)
    if ratio is not None and ratio < terms[Kind.FAIR_RATIO]:
        yield _alarm("FAIR", ratio, terms[Kind.FAIR_RATIO])


def _alarm(code: str, value: float, bound: Decimal, *, level=ALARM, name="") -> dict:
    return {
        "code": code, "name": name, "level": level, "value": round(value, 6),
        "bound": float(bound),
    }  # fmt: skip
