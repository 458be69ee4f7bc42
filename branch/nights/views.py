"""The nights' runs as staff see them, and the state of the books."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books import freezes
from branch.close_of_business import operations as close
from branch.close_of_business import queries
from branch.close_of_business.models import CloseRun
from branch.nights import forms
from branch.workbench.doors import needs, page
from ledger.calendar import queries as calendar
from ledger.proofs import seals
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

PAGE = 31


@needs("books.look", "close.run", "close.decide")
@require_GET
def runs(request):
    """Every night, the newest first; the open date; whether the books hold."""
    found = Paginator(queries.runs(), PAGE).get_page(request.GET.get("page"))
    facts = {
        "runs": found,
        "business_date": calendar.business_date(),
        "health": queries.health(at=timezone.now()),
        "stopped": freezes.stopped().count() if holds(request, "books.look") else 0,
        "may_audit": holds(request, "audit.look"),
    }
    return page(request, "runs", facts, room="nights")


@needs("books.look", "close.run", "close.decide")
def run(request, day: str):
    """One night: its steps with counts and time, what was set aside and why, and what to do."""
    row = _run_of(day)
    may_run = holds(request, "close.run")
    form = forms.AboutRun(request.POST or None)
    if request.method == "POST" and not may_run:
        raise PermissionDenied
    if form.is_valid():
        try:
            _do(row, form.cleaned_data, request)
            return to_page(request, "branch:nights:run", row.business_date.isoformat())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "run": row,
        "lines": queries.lines_of(row),
        "aside": queries.aside_of(row)[:200],
        "decided": queries.decided(row),
        "may_force": queries.undecided(row).exists(),
        "may_run_again": queries.to_run_again(row).exists(),
        "labels": queries.LABELS,
        "asked": queries.asked_about(row),
        "may_run": may_run,
        "form": form,
    }
    status = 422 if form.errors else 200
    return page(request, "run", facts, room="nights", status=status)


@needs("audit.look")
@require_GET
def seal_head(request):
    """The newest seal, signed, as a file for whoever keeps it outside of the bank."""
    try:
        signed = seals.signed_head(at=timezone.now())
    except seals.NothingSealed as refusal:
        raise Http404 from refusal
    answer = JsonResponse(signed, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="wekeza-seal.json"'
    return answer


def _run_of(day: str) -> CloseRun:
    try:
        return get_object_or_404(CloseRun, business_date=date.fromisoformat(day))
    except ValueError as error:
        raise Http404 from error


def _do(row: CloseRun, asked: dict, request) -> None:
    if asked["deed"] == "again":
        close.run_again(row, actor=request.actor)
        return
    close.ask_to_force(row, reason=asked["reason"], actor=request.actor, at=timezone.now())
