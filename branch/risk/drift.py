"""How a card's month is shown: shares, words for what is out of bounds, and ways to the rows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from branch.credit.figures import CHARACTERISTICS
from branch.risk.decisions import ANSWERED
from lending.decisions.models import CreditDecision
from lending.monitoring import alarms
from lending.monitoring.models import MonitorTerm
from lending.monitoring.queries import Month
from lending.scoring.models import Scorecard
from wekeza.kit.charts import LevelBars, level_bars
from wekeza.kit.ui_tags import as_words

Kind = MonitorTerm.Kind
MOST_BARS = 12
LEVELS = {"": "Stable", alarms.WATCH: "Watch", alarms.ALARM: "Investigate"}
WORDS = {
    "PSI": "Scores are spread otherwise than in the reference: stability index {value:.3f}, from"
    " {bound:.2f} on.",
    "CSI": "{name} is spread otherwise than in the reference: index {value:.3f}, from {bound:.2f}"
    " on.",
    "GINI": "The score hardly tells good loans from bad: Gini {value:.3f}, below {bound:.2f}.",
    "GINI_DROP": "The Gini fell by {value:.1f}% of what it was in the reference, more than"
    " {bound:.0f}%.",
    "FIT": "More or fewer loans went bad than was predicted: chance alone does that with a"
    " probability of {value:.3f}, below {bound:.2f}.",
    "OVERRIDE": "People overrode {value:.1f}% of the rules’ answers, more than {bound:.0f}%.",
    "OVERRIDE_BAD": "Loans that were approved against the rules went bad {value:.1f} times as often"
    " as others, more than {bound:.1f} times.",
    "FAIR": "One group of age is approved {value:.2f} times as often as another, less than"
    " {bound:.2f}.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its words, counts with their shares in percent, a figure, and its rows."""

    label: str
    count: int
    percent: float | None
    other: int = 0
    other_percent: float | None = None
    figure: float | None = None
    query: str = ""
    other_query: str = ""
    bad_until: float | None = None
    good_until: float | None = None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A characteristic of the card: how far its points are from the reference, and each of them."""

    label: str
    index: float | None
    level: str
    points: list[Row]


@dataclass(frozen=True, slots=True)
class Past:
    """A month in a line."""

    month: Month
    key: str
    approval_percent: float | None
    override_percent: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A card's month, ready for the page and the file."""

    card: Scorecard
    month: Month
    reference: list[date]
    year: list[date]
    level: str
    alarms: list[dict]
    least: dict[str, int]
    bands: list[Row]
    characteristics: list[Characteristic]
    outcomes: list[Row]
    ages: list[Row]
    fairness: float | None
    approval_percent: float | None
    override_percent: float | None
    decisions_query: str
    answers_query: str
    overrides_query: str
    loans_query: str


def shown(card: Scorecard, month: Month) -> Shown:
    """This will lay out a card's month."""
    told = month.figures
    reference, year = (
        [date.fromisoformat(day) for day in told[it]] for it in ("reference", "year")
    )
    now = {"model": card, "since": told["since"], "until": told["until"]}
    judged = {"model": card, "became": "known", "ended_since": year[0], "ended_until": year[1]}
    return Shown(
        card=card,
        month=month,
        reference=reference,
        year=year,
        level=LEVELS[alarms.level_of(told["psi"], month.terms)],
        alarms=[_alarm(one) for one in told["alarms"]],
        least={kind.lower(): int(month.terms[kind]) for kind in LEAST},
        bands=_bands(card, told, now, reference),
        characteristics=[
            _characteristic(one, month, now, _before(card, reference))
            for one in told["characteristics"]
        ],
        outcomes=_outcomes([one for one in told["outcomes"] if one["loans"]], judged),
        ages=[_age(one, card, year) for one in told["ages"]],
        fairness=alarms.fairness_of(told["ages"], month.terms),
        approval_percent=_approval(told),
        override_percent=_percent(told["overrides"], told["rules_answers"]),
        decisions_query=_query(now, overridden="rules", score="any"),
        answers_query=_query(now, overridden="no"),
        overrides_query=_query(now, overridden="against"),
        loans_query=_query(judged, score="any"),
    )


LEAST = (Kind.LEAST_DECISIONS, Kind.LEAST_LOANS, Kind.LEAST_BAD, Kind.LEAST_GROUP)


def past_of(months: list[Month]) -> list[Past]:
    """This will put months into lines."""
    return [
        Past(
            month=one,
            key=f"{one.on:%Y-%m}",
            approval_percent=_approval(one.figures),
            override_percent=_percent(one.figures["overrides"], one.figures["rules_answers"]),
        )
        for one in months
    ]


def chart_of(months: list[Month]) -> LevelBars | None:
    """This will draw the stability index of the last months, the newest first, under its bounds."""
    if not months:
        return None
    terms = months[0].terms
    groups = [(f"{one.on:%b}", _decimal(one.figures["psi"])) for one in months[:MOST_BARS]]
    bounds = (terms[Kind.PSI_WATCH], terms[Kind.PSI_INVESTIGATE])
    return level_bars(groups[::-1], [(f"{bound:.2f}", bound) for bound in bounds])


def label_of(name: str) -> str:
    """This will give the words for a characteristic of a card."""
    return CHARACTERISTICS.get(name) or as_words(name)


def _bands(card: Scorecard, told: dict, now: dict, reference: list[date]) -> list[Row]:
    before = _before(card, reference)
    return [
        Row(
            label=_span(one),
            count=one["month"],
            percent=_percent(one["month"], told["decisions"]),
            other=one["reference"],
            other_percent=_percent(one["reference"], told["reference_decisions"]),
            figure=one["psi"],
            query=_query(now, overridden="rules", score=one["first"]),
            other_query=_query(before, overridden="rules", score=one["first"]),
        )
        for one in told["bands"]
    ]


def _before(card: Scorecard, reference: list[date]) -> dict:
    return {"model": card, "since": reference[0], "until": reference[1]}


def _characteristic(told: dict, month: Month, now: dict, before: dict) -> Characteristic:
    of_month, of_reference = (
        sum(row[it] for row in told["points"]) for it in ("month", "reference")
    )
    these = {"overridden": "rules", "score": "any", "fact": told["name"]}
    return Characteristic(
        label=label_of(told["name"]),
        index=told["csi"],
        level=LEVELS[alarms.level_of(told["csi"], month.terms)],
        points=[
            Row(
                label=str(row["points"]),
                count=row["month"],
                percent=_percent(row["month"], of_month),
                other=row["reference"],
                other_percent=_percent(row["reference"], of_reference),
                figure=row["csi"],
                query=_query(now, these, points=row["points"]),
                other_query=_query(before, these, points=row["points"]),
            )
            for row in told["points"]
        ],
    )


def _outcomes(told: list[dict], judged: dict) -> list[Row]:
    """
    Loans by score, the lowest first. What percent of all bad ones, and of all good ones, have this
    score or less: the KS is the most that these are apart, the Gini twice what lies between.
    """
    bads = sum(one["bad"] for one in told)
    goods = sum(one["loans"] for one in told) - bads
    found, bad, good = [], 0, 0
    for one in told:
        bad, good = bad + one["bad"], good + one["loans"] - one["bad"]
        found.append(_outcome(one, judged, _percent(bad, bads), _percent(good, goods)))
    return found


def _outcome(told: dict, judged: dict, bad: float | None, good: float | None) -> Row:
    return Row(
        label=_span(told),
        count=told["bad"],
        percent=_percent(told["bad"], told["loans"]),
        other=told["loans"],
        other_percent=100 * told["predicted"],
        bad_until=bad,
        good_until=good,
        figure=None if None in (bad, good) else (bad - good) / 100,
        query=_query(judged | {"became": "bad"}, score=told["first"]),
        other_query=_query(judged, score=told["first"]),
    )


def _age(told: dict, card: Scorecard, year: list[date]) -> Row:
    these = {"model": card, "since": year[0], "until": year[1], "overridden": "no"}
    ages = {"age_from": told["first"], "age_to": told["last"]}
    these |= {name: years for name, years in ages.items() if years}
    answered = told["approved"] + told["refused"]
    last = f"{told['first']} to {told['last']}" if told["last"] else f"{told['first']} and older"
    return Row(
        label=last if told["first"] else f"Up to {told['last']}",
        count=told["approved"],
        percent=_percent(told["approved"], answered),
        other=answered,
        query=_query(these, result=CreditDecision.Result.APPROVED.value),
        other_query=_query(these, result=ANSWERED[0]),
    )


def _alarm(told: dict) -> dict:
    words = WORDS[told["code"]].format(**told | {"name": label_of(told["name"])})
    return told | {"words": words, "is_watch": told["level"] == alarms.WATCH}


def _approval(told: dict) -> float | None:
    return _percent(told["approved"], told["approved"] + told["refused"])


def _span(told: dict) -> str:
    return f"{told['first']:,} to {told['last']:,}"


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _query(*kept: dict, **more) -> str:
    return urlencode({name: value for one in (*kept, more) for name, value in one.items()})


def _decimal(figure: float | None) -> Decimal | None:
    return None if figure is None else Decimal(str(figure))
