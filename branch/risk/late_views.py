"""Late loans and how collecting goes, and the loans and promises behind each figure, with files."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.risk import files, late, late_forms, late_rows
from branch.workbench.doors import needs, page
from branch.workbench.scope import scope_of
from ledger.calendar.queries import business_date

OVERSEE = "loan.oversee"
PAGE = 50


@needs(OVERSEE)
@require_GET
def collections(request):
    """Late loans by bucket, how far those of each month went, and promises kept and broken."""
    facts = {"late": late.late_of(_cases(request)), "on": business_date()}
    return page(request, "collections", facts, room="risk")


@needs(OVERSEE)
@require_GET
def late_loans(request):
    """The late loans, the latest first; those that are not late any more too, if asked for."""
    form, rows = _chosen_cases(request)
    facts = _page_of(request, form, rows)
    facts["rows"].object_list = late_rows.told(facts["rows"].object_list)
    return page(request, "late_loans", facts, room="risk", status=422 if form.errors else 200)


@needs(OVERSEE)
@require_GET
def collections_file(request, kind: str):
    """The same late loans as a file."""
    _form, rows = _chosen_cases(request)
    name, cells = f"late-loans-{business_date()}", late_rows.case_cells(rows)
    return files.answer(kind, late_rows.CASES, cells, title="Late loans", name=name)


@needs(OVERSEE)
@require_GET
def promises(request):
    """Promises to pay, the newest first."""
    form, rows = _chosen_promises(request)
    facts = _page_of(request, form, rows)
    return page(request, "promises", facts, room="risk", status=422 if form.errors else 200)


@needs(OVERSEE)
@require_GET
def promises_file(request, kind: str):
    """The same promises as a file."""
    _form, rows = _chosen_promises(request)
    name, cells = f"promises-{business_date()}", late_rows.promise_cells(rows)
    return files.answer(kind, late_rows.PROMISES, cells, title="Promises", name=name)


def _page_of(request, form, rows) -> dict:
    kept = request.GET.copy()
    kept.pop("page", None)
    return {
        "rows": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "is_filtered": form.is_filtered,
        "on": business_date(),
        "same": kept.urlencode(),
    }


def _cases(request):
    """The cases of the branches that this person's roles reach."""
    return scope_of(request, OVERSEE).reached(late.cases(), late_rows.BRANCH)


def _chosen_cases(request):
    form = late_forms.Cases(request.GET or None, today=business_date())
    return form, late_rows.chosen(_cases(request), form.wanted())


def _chosen_promises(request):
    form = late_forms.Promises(request.GET or None, today=timezone.localdate())
    mine = scope_of(request, OVERSEE).reached(late_rows.promises(), late_rows.BRANCH)
    return form, late_rows.chosen_promises(mine, form.wanted())
