"""Portfolio health for those who watch over lending, and the loans behind each figure (AD01)."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.risk import decisions, files, forms, lost, portfolio
from branch.risk.lost_views import rows_for
from branch.workbench.doors import needs, page
from branch.workbench.scope import scope_of
from ledger.calendar.queries import business_date
from lending.decisions import queries as decision_queries

OVERSEE = "loan.oversee"
PAGE = 50


@needs(OVERSEE)
@require_GET
def overview(request):
    """What is lent, how much of it is late, what is provided for, and how applications go."""
    facts = {"health": _health(request), "lost": lost.this_year(*rows_for(request))}
    return page(request, "overview", facts, room="risk")


@needs(OVERSEE)
@require_GET
def overview_file(request, kind: str):
    """The same figures as a file; what was written off is a file of its own."""
    health = _health(request)
    rows = portfolio.health_cells(health)
    name = f"loans-at-risk-{health.on}"
    return files.answer(kind, portfolio.HEALTH, rows, title="Loans at risk", name=name)


@needs(OVERSEE)
@require_GET
def loans(request):
    """The loans that are not paid, the newest first."""
    form, rows = _chosen(request)
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    facts = {
        "rows": found,
        "on": business_date(),
        "form": form,
        "is_filtered": form.is_filtered,
        "same": kept.urlencode(),
    }
    return page(request, "loans", facts, room="risk", status=422 if form.errors else 200)


@needs(OVERSEE)
@require_GET
def file(request, kind: str):
    """The same loans as a file."""
    _form, rows = _chosen(request)
    name = f"loans-{business_date()}"
    return files.answer(kind, portfolio.HEAD, portfolio.cells_of(rows), title="Loans", name=name)


def _health(request) -> portfolio.Health:
    answers = decision_queries.every_one()
    mine = scope_of(request, OVERSEE).reached(answers, decisions.BRANCH)
    return portfolio.health_of(_rows(request), mine)


def _rows(request):
    """The loans of the branches that this person's roles reach."""
    return scope_of(request, OVERSEE).reached(portfolio.book(), portfolio.BRANCH)


def _chosen(request):
    form = forms.Loans(request.GET or None, today=timezone.localdate())
    return form, portfolio.chosen(_rows(request), form.wanted())
