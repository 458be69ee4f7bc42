"""Late loans and how collecting goes, and every late loan as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from branch.risk import late
from branch.workbench.doors import needs, page
from branch.workbench.scope import scope_of
from ledger.calendar.queries import business_date

OVERSEE = "loan.oversee"


@needs(OVERSEE)
@require_GET
def collections(request):
    """Late loans by bucket, how far those of each month went, and promises kept and broken."""
    facts = {"late": late.late_of(_rows(request)), "on": business_date()}
    return page(request, "collections", facts, room="risk")


@needs(OVERSEE)
@require_GET
def collections_file(request):
    """The late loans as a file."""
    answer = HttpResponse(late.as_csv(_rows(request)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="late-loans-{business_date()}.csv"'
    return answer


def _rows(request):
    """The cases of the branches that this person's roles reach."""
    return scope_of(request, OVERSEE).reached(late.cases(), late.BRANCH)
