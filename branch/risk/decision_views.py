"""Every decision on a loan, for those who watch how the models decide (AD02)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books.exports import TYPES
from branch.credit.figures import figures_of
from branch.credit.queries import decisions_on
from branch.risk import decisions, forms
from branch.workbench import doors
from branch.workbench.doors import needs, page
from branch.workbench.scope import scope_of
from ledger.calendar.queries import business_date
from lending.decisions import queries as decision_queries

OVERSEE = "loan.oversee"
PAGE = 50


@needs(OVERSEE)
@require_GET
def index(request):
    """Decisions, the newest first, with how many there are of each result."""
    form, rows = _chosen(request)
    found, older = decisions.page_of(rows, before=request.GET.get("before", ""), most=PAGE)
    kept = request.GET.copy()
    kept.pop("before", None)
    same, kept["before"] = kept.urlencode(), older
    facts = {
        "rows": found,
        "sums": decisions.sums_of(rows),
        "drift": decisions.drift_of(rows),
        "form": form,
        "on": business_date(),
        "is_filtered": form.is_filtered,
        "same": same,
        "older": f"?{kept.urlencode()}" if older else "",
    }
    return page(request, "decisions", facts, room="risk", status=422 if form.errors else 200)


@needs(OVERSEE)
@require_GET
def file(request, kind: str):
    """The same decisions as a file."""
    if kind not in decisions.WRITERS:
        raise Http404
    _form, rows = _chosen(request)
    answer = HttpResponse(decisions.WRITERS[kind](rows), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="decisions-{business_date()}.{kind}"'
    return answer


@needs(OVERSEE)
@require_GET
def one(request, public_id: UUID, number: int):
    """One decision: what went in, what each fact gave, and why."""
    rows = _rows(request).filter(application__public_id=public_id)
    found = rows.select_related("application__customer__tier").first()
    if found is None:
        raise Http404
    asked = found.application
    if shut := doors.shut(request, asked.customer, purpose="CONTROL"):
        return shut
    past = decisions_on(asked)
    row = next((one for one in past if one.number == number), None)
    if row is None:
        raise Http404
    facts = {"decision": row, "asked": asked, "figures": figures_of(row), "past": past}
    return page(request, "decision", facts, room="risk")


def _rows(request):
    """The decisions of the branches that this person's roles reach."""
    return scope_of(request, OVERSEE).reached(
        decisions.with_outcomes(decision_queries.every_one()), decisions.BRANCH
    )


def _chosen(request):
    form = forms.Decisions(request.GET or None, today=timezone.localdate())
    return form, decisions.chosen(_rows(request), form.wanted())
