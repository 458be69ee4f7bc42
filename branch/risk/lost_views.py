"""Loans that were written off and what came back of them, with files."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.risk import files, forms, lost
from branch.workbench.doors import needs, page
from branch.workbench.scope import scope_of
from ledger.calendar.queries import business_date

OVERSEE = "loan.oversee"
PAGE = 50


@needs(OVERSEE)
@require_GET
def written_off(request):
    """Write-offs, or what was recovered, of a span of business dates, the newest first."""
    form, rows = _chosen(request)
    kept = request.GET.copy()
    kept.pop("page", None)
    facts = {
        "rows": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "is_recovered": form.what == lost.RECOVERED,
        "is_filtered": form.is_filtered,
        "on": business_date(),
        "same": kept.urlencode(),
    }
    return page(request, "written_off", facts, room="risk", status=422 if form.errors else 200)


@needs(OVERSEE)
@require_GET
def written_off_file(request, kind: str):
    """The same rows as a file."""
    form, found = _chosen(request)
    head, rows = lost.HEADS[form.what], lost.rows_of(form.what, found)
    name = f"{form.what}-{business_date()}"
    return files.answer(kind, head, rows, title=form.title, name=name)


def rows_for(request):
    """This will give write-offs and recoveries of the branches that this person's roles reach."""
    scope = scope_of(request, OVERSEE)
    return (
        scope.reached(lost.written_off(), lost.BRANCH),
        scope.reached(lost.recoveries(), lost.BRANCH),
    )


def _chosen(request):
    form = forms.Lost(request.GET or None, today=timezone.localdate())
    written, recovered = rows_for(request)
    rows = recovered if form.what == lost.RECOVERED else written
    return form, form.within(rows)
