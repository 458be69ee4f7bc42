"""Slices of measured time, and what is read from them: medians, percentiles, ratios."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Slice:
    """A few seconds of one contender: deeds a second, each one's microseconds, and refusals."""

    rate: float
    latencies: list[int] = field(default_factory=list)
    failed: int = 0


def summary(slices: list[Slice]) -> dict:
    """This will give the median rate, every slice's rate, and p50 and p99 of all deeds."""
    latencies = sorted(each for one in slices for each in one.latencies)
    found = {
        "per_second": round(median(one.rate for one in slices)),
        "slices": [round(one.rate) for one in slices],
        "failed": sum(one.failed for one in slices),
    }
    if latencies:
        found |= {"p50_us": percentile(latencies, 50), "p99_us": percentile(latencies, 99)}
    return found


def ratio(ours: list[Slice], theirs: list[Slice]) -> float:
    """
    This will give the median of the rounds' ratios. The slices of one round lie side by side in
    time, so what slows the machine slows both.
    """
    return round(median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True)), 2)


def percentile(ordered: list[int], percent: int) -> int:
    """This will give the value below which `percent` of an ordered list lies."""
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]
