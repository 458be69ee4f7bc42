"""
How a card did in a month, as figures that are kept as they are: how its scores spread against those
of its reference, how well they told good loans from bad, and whom it approved (kenya.md 4.8).
"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, IntegerField, Min, Q, QuerySet, Value
from django.db.models.expressions import Func

from ledger.calendar.queries import months_after
from lending.decisions.models import CreditDecision
from lending.monitoring import alarms, measures
from lending.monitoring.measures import Group
from lending.monitoring.models import LoanVerdict, MonitorTerm, ReferenceTerm
from lending.provisions.models import ProvisionTerm
from lending.scoring.models import Scorecard
from wekeza.kit.dated import NoSuchTerm

BANDS, WIDTH = 10, 100  # Of the thousand points.
PLACES = 6
Kind, Result, Span = MonitorTerm.Kind, CreditDecision.Result, tuple[date, date]

# An officer's answer that is another than the rules' own; where the rules left it to a person,
# nothing is overridden.
AGAINST = (
    Q(overrides__isnull=False)
    & ~Q(overrides__result=Result.REFERRED)
    & ~Q(result=F("overrides__result"))
)

_POINTS = """
SELECT p ->> 'name', (p ->> 'points')::int,
       count(*) FILTER (WHERE d.business_date BETWEEN %(ref_first)s AND %(ref_last)s),
       count(*) FILTER (WHERE d.business_date BETWEEN %(first)s AND %(last)s)
  FROM lending_creditdecision d CROSS JOIN LATERAL jsonb_array_elements(d.points) p
 WHERE d.model_version = %(model)s AND d.overrides_id IS NULL AND d.score IS NOT NULL
   AND (d.business_date BETWEEN %(ref_first)s AND %(ref_last)s
        OR d.business_date BETWEEN %(first)s AND %(last)s)
 GROUP BY 1, 2 ORDER BY 1, 2"""


def band_of(score: int) -> int:
    """This will give the band of a score: 0 is 0 to 99, the last one 900 to 1,000."""
    return min(score // WIDTH, BANDS - 1)


def limits_of(band: int) -> tuple[int, int]:
    """This will give the first and the last score of a band."""
    return band * WIDTH, (band + 1) * WIDTH - (band < BANDS - 1)


def month_of(card: Scorecard, *, on: date, terms: dict[str, Decimal]) -> dict | None:
    """
    This will give the figures of a card's month up to `on`, whose terms of monitoring are given; of
    a card that decided nothing yet there are none. What is too little to tell anything is None.

    :raises NoSuchTerm: if the model of losses has a gap on that day.
    """
    reference = reference_of(card, on=on, terms=terms)
    if reference is None:
        return None
    month = (on.replace(day=1), on)
    year = (months_after(on, -int(terms[Kind.OUTCOME_MONTHS])) + timedelta(days=1), on)
    verdicts = verdicts_of(card).filter(window_ends__range=year)
    found = {
        "since": month[0].isoformat(),
        "until": month[1].isoformat(),
        "reference": [day.isoformat() for day in reference],
        "year": [day.isoformat() for day in year],
        **_spread(card, reference, month, terms),
        **_loans(verdicts, on=on, terms=terms),
        "reference_gini": _reference_gini(card, reference, on=on, terms=terms),
        **_answers(card, month),
        **_overrides(card, month, verdicts),
        "ages": _ages(card, year, terms),
    }
    return found | {"alarms": alarms.of(found, terms)}


def reference_of(card: Scorecard, *, on: date, terms: dict[str, Decimal]) -> Span | None:
    """
    This will give the span of days to which a card's months are compared: the one that two persons
    set, or else its first months; None while it has decided nothing.
    """
    row = ReferenceTerm.objects.on(on).filter(scorecard=card).first()
    if row is not None:
        return row.first_day, row.last_day
    first = own_of(card).filter(business_date__lte=on).aggregate(day=Min("business_date"))["day"]
    if first is None:
        return None
    begins = first.replace(day=1)
    return begins, months_after(begins, int(terms[Kind.FOUNDING_MONTHS])) - timedelta(days=1)


def own_of(card: Scorecard) -> QuerySet[CreditDecision]:
    """This will give what the rules answered by a card, with a score."""
    return CreditDecision.objects.filter(
        model_version=card.model_version, overrides=None, score__isnull=False
    )


def verdicts_of(card: Scorecard) -> QuerySet[LoanVerdict]:
    """This will give the verdicts on loans that were decided by a card, with a score."""
    return LoanVerdict.objects.filter(
        decision__model_version=card.model_version, decision__score__isnull=False
    )


def _spread(card: Scorecard, reference: Span, month: Span, terms) -> dict:
    """
    Scores by band and points by characteristic, and how far both are from the reference; a month of
    the reference itself is not compared.
    """
    was, is_ = (_by_band(own_of(card), span) for span in (reference, month))
    enough = min(sum(was), sum(is_)) >= terms[Kind.LEAST_DECISIONS] and month[0] > reference[1]
    floor = float(terms[Kind.LEAST_SHARE])
    index = measures.stability(was, is_, least_share=floor) if enough else None
    return {
        "is_reference": month[0] <= reference[1],
        "decisions": sum(is_),
        "reference_decisions": sum(was),
        "psi": index and _short(index.index),
        "by_chance": index and _short(measures.by_chance(was, is_)),
        "bands": [
            {
                "first": limits_of(band)[0],
                "last": limits_of(band)[1],
                "reference": was[band],
                "month": is_[band],
                "psi": index and _short(index.parts[band]),
            }
            for band in range(BANDS)
        ],
        "characteristics": _characteristics(card, reference, month, floor if enough else None),
    }


def _by_band(rows: QuerySet[CreditDecision], span: Span) -> list[int]:
    found = rows.filter(business_date__range=span).order_by().values_list("score")
    counts = Counter()
    for score, count in found.annotate(count=Count("pk")):
        counts[band_of(score)] += count
    return [counts[band] for band in range(BANDS)]


def _characteristics(card: Scorecard, reference: Span, month: Span, floor) -> list[dict]:
    facts = {
        "model": card.model_version, "ref_first": reference[0], "ref_last": reference[1],
        "first": month[0], "last": month[1],
    }  # fmt: skip
    parts = {}
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, facts)
        for name, points, was, is_ in cursor.fetchall():
            parts.setdefault(name, []).append({"points": points, "reference": was, "month": is_})
    for rows in parts.values():
        index = floor and measures.stability(
            [row["reference"] for row in rows], [row["month"] for row in rows], least_share=floor
        )
        for row, part in zip(rows, index.parts if index else [None] * len(rows), strict=True):
            row["csi"] = part if part is None else _short(part)
    return [
        {
            "name": one["name"],
            "csi": _sum(row["csi"] for row in parts[one["name"]]),
            "points": parts[one["name"]],
        }
        for one in card.characteristics
        if one["name"] in parts
    ]


def _loans(verdicts: QuerySet[LoanVerdict], *, on: date, terms) -> dict:
    """What became of loans, and how well the score said so beforehand."""
    good, bad = _by_score(verdicts)
    odds = _odds_on(on)
    bands = [_observed(band, good, bad, odds) for band in range(BANDS)]
    apart = _separation(good, bad, terms)
    fit = None
    if apart is not None:
        fit = measures.fit(
            Group(one["loans"], one["bad"], one["predicted"]) for one in bands if one["loans"]
        )
    return {
        "loans": sum(good.values()) + sum(bad.values()),
        "bad": sum(bad.values()),
        "gini": apart and _short(apart.gini),
        "ks": apart and _short(apart.ks),
        "ks_score": apart and apart.ks_score,
        "chi_square": fit and _short(fit.chi_square),
        "freedom": fit and fit.freedom,
        "probability": fit and _short(fit.probability),
        "outcomes": bands,
    }


def _by_score(verdicts: QuerySet[LoanVerdict]) -> tuple[Counter, Counter]:
    good, bad = Counter(), Counter()
    rows = verdicts.order_by().values_list("decision__score")
    for score, count, of_them_bad in rows.annotate(
        count=Count("pk"), bad=Count("pk", filter=Q(bad_on__isnull=False))
    ):
        good[score] += count - of_them_bad
        bad[score] += of_them_bad
    return good, bad


def _separation(good: Counter, bad: Counter, terms) -> measures.Separation | None:
    bads = sum(bad.values())
    is_enough = (
        sum(good.values()) + bads >= terms[Kind.LEAST_LOANS] and bads >= terms[Kind.LEAST_BAD]
    )
    return measures.separation(good, bad) if is_enough else None


def _reference_gini(card: Scorecard, reference: Span, *, on: date, terms) -> float | None:
    """Of the loans that were decided in the reference, as far as it is known by that day."""
    rows = verdicts_of(card).filter(
        decision__business_date__range=reference, window_ends__lte=on
    )  # fmt: skip
    apart = _separation(*_by_score(rows), terms)
    return apart and _short(apart.gini)


def _observed(band: int, good: Counter, bad: Counter, odds: tuple[float, float]) -> dict:
    scores = [score for score in good.keys() | bad.keys() if band_of(score) == band]
    loans = sum(good[score] + bad[score] for score in scores)
    base, per_point = odds
    should = sum(
        (good[score] + bad[score])
        * measures.default_fraction(score, base=base, per_point=per_point)
        for score in scores
    )
    return {
        "first": limits_of(band)[0],
        "last": limits_of(band)[1],
        "loans": loans,
        "bad": sum(bad[score] for score in scores),
        "predicted": _short(should / loans) if loans else None,
    }


def _odds_on(day: date) -> tuple[float, float]:
    """By which the model of losses makes a probability of a score."""
    rows = dict(ProvisionTerm.objects.on(day).reverse().values_list("kind", "value"))
    kinds = ProvisionTerm.Kind
    try:
        return float(rows[kinds.PD_BASE]), float(rows[kinds.PD_PER_POINT])
    except KeyError as error:
        raise NoSuchTerm(f"{error.args[0]} of ProvisionTerm on {day}") from error


def standing_of(card: Scorecard) -> QuerySet[CreditDecision]:
    """This will give the answers of a card's applications that stand."""
    return CreditDecision.objects.filter(
        model_version=card.model_version, overridden_by__isnull=True
    )


def _answers(card: Scorecard, month: Span) -> dict:
    counts = {
        result.lower(): Count("pk", filter=Q(result=result))
        for result in (Result.APPROVED, Result.REFUSED, Result.REFERRED)
    }
    return standing_of(card).filter(business_date__range=month).aggregate(**counts)


def _overrides(card: Scorecard, month: Span, verdicts: QuerySet[LoanVerdict]) -> dict:
    decisions = CreditDecision.objects.filter(
        model_version=card.model_version, business_date__range=month
    )
    asked = Q(overrides__isnull=True, result__in=[Result.APPROVED, Result.REFUSED])
    theirs = Q(decision__in=CreditDecision.objects.filter(AGAINST))
    bad = Q(bad_on__isnull=False)
    return decisions.aggregate(
        rules_answers=Count("pk", filter=asked), overrides=Count("pk", filter=AGAINST)
    ) | verdicts.aggregate(
        override_loans=Count("pk", filter=theirs),
        override_bad=Count("pk", filter=theirs & bad),
    )


def _ages(card: Scorecard, year: Span, terms) -> list[dict]:
    """How answers went by groups of age: for watching only, no decision knows it (kenya.md 4.6)."""
    starts = [0, *(int(terms[kind]) for kind in (Kind.AGE_2, Kind.AGE_3, Kind.AGE_4))]
    groups = [
        {"first": first, "last": last, "approved": 0, "refused": 0}
        for first, last in zip(starts, [*(one - 1 for one in starts[1:]), None], strict=True)
    ]
    rows = standing_of(card).filter(business_date__range=year).order_by()
    rows = with_age(rows.exclude(result=Result.REFERRED)).values_list("age", "result")
    for years, result, count in rows.annotate(count=Count("pk")):
        place = sum(1 for start in starts[1:] if years >= start)
        groups[place][result.lower()] += count
    return groups


def with_age(rows: QuerySet[CreditDecision]) -> QuerySet[CreditDecision]:
    """This will tell with decisions how old their customers were then, in years, as `age`."""
    born = F("application__customer__date_of_birth")
    age = Func(
        Value("year"), Func(F("business_date"), born, function="age"), function="date_part",
        output_field=IntegerField(),
    )  # fmt: skip
    return rows.annotate(age=age)


def _sum(parts) -> float | None:
    found = list(parts)
    return None if None in found else _short(sum(found))


def _short(number: float) -> float:
    return round(number, PLACES)
