"""Whether the score still works: each card month by month, and the cards themselves."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from branch.books.exports import TYPES
from branch.credit.figures import code_words
from branch.risk import drift as figures
from branch.risk import forms
from branch.risk.drift_files import WRITERS
from branch.workbench.doors import needs, page
from ledger.calendar.queries import business_date
from lending.monitoring import queries as monitoring
from lending.scoring.models import Scorecard

OVERSEE = "loan.oversee"
MOST_MONTHS = 24


@needs(OVERSEE)
@require_GET
def drift(request):
    """A card's month against its reference, what became of its loans, and the months before."""
    today = business_date()
    form, card, shown = _chosen(request, today)
    past = monitoring.months_of(card, on=today, most=MOST_MONTHS) if card else []
    facts = {
        "today": today,
        "form": form,
        "shown": shown,
        "past": figures.past_of(past),
        "chart": figures.chart_of(past),
        "same": request.GET.urlencode(),
    }
    return page(request, "drift", facts, room="risk", status=422 if form.errors else 200)


@needs(OVERSEE)
@require_GET
def file(request, kind: str):
    """The same month as a file."""
    today = business_date()
    _form, card, shown = _chosen(request, today)
    if kind not in WRITERS or shown is None:
        raise Http404
    answer = HttpResponse(WRITERS[kind](shown), content_type=TYPES[kind])
    name = f"score-{card.card.lower()}-{card.version}-{shown.month.on}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs(OVERSEE)
@require_GET
def cards(request):
    """Every version of every card, those in force first."""
    today = business_date()
    rows = list(Scorecard.objects.order_by("card", "-version"))
    facts = {"today": today, "rows": rows, "in_force": _in_force(today)}
    return page(request, "cards", facts, room="risk")


@needs(OVERSEE)
@require_GET
def card(request, card: str, version: int):
    """One version of a card: its characteristics, what each fact gives, since when, and by whom."""
    row = get_object_or_404(Scorecard, card=card, version=version)
    facts = {
        "card": row,
        "is_in_force": row in _in_force(business_date()),
        "characteristics": [_characteristic(one) for one in row.characteristics],
    }
    return page(request, "card", facts, room="risk")


def _chosen(request, today):
    """The form, the card that it names or the busiest, and its month; None without decisions."""
    begun = monitoring.cards_begun(on=today)
    form = forms.Drift(request.GET or None, today=today, cards=begun)
    named = {str(one): one for one in begun}
    card = named.get(request.GET.get("card", "")) or max(
        begun, key=lambda one: monitoring.decided_by(one, until=today), default=None
    )
    days = monitoring.days_of(card, on=today, most=MOST_MONTHS) if card else []
    form.offer(days)
    chosen = form.chosen("month", "")
    day = next((day for day in days if f"{day:%Y-%m}" == chosen), today)
    month = monitoring.month_on(card, on=day) if card else None
    return form, card, figures.shown(card, month) if month else None


def _in_force(day) -> list[Scorecard]:
    found = {}
    for row in Scorecard.objects.on(day):
        found.setdefault(row.card, row)  # The latest start comes first.
    return list(found.values())


def _characteristic(told: dict) -> dict:
    comes = {"AT_LEAST": "at least {}", "AT_MOST": "at most {}", "IS": "{}"}[told["rule"]]
    return {
        "label": figures.label_of(told["name"]),
        "most": max(points for _bound, points in told["rows"]),
        "rows": [
            ("Anything else, or not known" if bound is None else _said(told, comes, bound), points)
            for bound, points in told["rows"]
        ],
    }


def _said(told: dict, words: str, bound) -> str:
    is_code = isinstance(bound, str)
    return words.format(code_words(told["name"], bound) if is_code else f"{bound:,}")
