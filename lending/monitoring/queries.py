"""Looking at what became of loans, and at the terms of watching."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min

from lending.monitoring import months
from lending.monitoring.models import CardMonth, LoanOutcome, LoanVerdict, MonitorTerm
from lending.scoring.models import Scorecard
from wekeza.kit.dated import NoSuchTerm


def terms_on(day: date) -> dict[str, Decimal]:
    """
    This will give every figure of watching that is in force on a day, by kind.

    :raises NoSuchTerm: if one is missing.
    """
    # Of two of a kind the later start comes last.
    found = dict(MonitorTerm.objects.on(day).reverse().values_list("kind", "value"))
    for kind in MonitorTerm.Kind.values:
        if kind not in found:
            raise NoSuchTerm(f"{kind} of MonitorTerm on {day}")
    return found


@dataclass(frozen=True, slots=True)
class Month:
    """A card's month: its last day so far, its figures, and whether they were kept at its end."""

    on: date
    figures: dict
    terms: Mapping[str, Decimal]
    is_kept: bool


def cards_begun(*, on: date) -> list[Scorecard]:
    """This will give the versions of cards by which somebody was decided by a day, by name."""
    rows = Scorecard.objects.filter(effective_from__lte=on).order_by("card", "version")
    return [row for row in rows if months.own_of(row).filter(business_date__lte=on).exists()]


def decided_by(card: Scorecard, *, until: date) -> int:
    """This will count the answers of the rules by a version of a card, up to a day."""
    return months.own_of(card).filter(business_date__lte=until).count()


def months_of(card: Scorecard, *, on: date, most: int) -> list[Month]:
    """
    This will give a card's kept months and the one that runs on business date `on`, worked out now;
    the newest first, at most so many.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    rows = CardMonth.objects.filter(scorecard=card, business_date__lte=on)
    kept = [_kept(row) for row in rows.order_by("-business_date")[:most]]
    if kept and kept[0].on == on:
        return kept
    running = month_on(card, on=on)
    return [running, *kept][:most] if running else kept


def month_on(card: Scorecard, *, on: date) -> Month | None:
    """
    This will give a card's month up to a day: as it was kept, or worked out now from the decisions
    and loans of those days. None, if it had decided nothing by then.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    row = CardMonth.objects.filter(scorecard=card, business_date=on).first()
    if row is not None:
        return _kept(row)
    terms = terms_on(on)
    figures = months.month_of(card, on=on, terms=terms)
    return None if figures is None else Month(on, figures, terms, is_kept=False)


def days_of(card: Scorecard, *, on: date, most: int) -> list[date]:
    """
    This will give the last days of the months in which a card decided, the newest first, at most so
    many: `on` stands for the one that runs.
    """
    first = months.own_of(card).aggregate(day=Min("business_date"))["day"]
    found, day = [], on
    while first is not None and first <= day and len(found) < most:
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found


def _kept(row: CardMonth) -> Month:
    terms = {kind: Decimal(value) for kind, value in row.terms.items()}
    return Month(row.business_date, row.figures, terms, is_kept=True)


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of how a customer's loans went, for their own copy."""
    mine = {"loan__customer": customer, "loan__business": None}
    seen = LoanOutcome.objects.filter(**mine).select_related("loan")
    judged = LoanVerdict.objects.filter(**mine).select_related("loan")
    return [
        {
            "loan": row.loan.number,
            "after_days": row.after_days,
            "paid": row.is_paid,
            "days_late": row.days_late,
            "class": row.loan_class,
        }
        for row in seen.order_by("pk")
    ] + [
        {"loan": row.loan.number, "bad": row.is_bad, "known_on": row.known_on.isoformat()}
        for row in judged.order_by("pk")
    ]
