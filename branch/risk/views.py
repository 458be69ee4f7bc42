"""Whether the bank lends; stopping it at once; asking that it goes on; what was blocked."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.risk import files, forms, queries
from branch.workbench.doors import needs, page
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from ledger.calendar.queries import business_date
from lending.stops import operations as stops
from lending.stops import queries as stop_queries
from lending.stops.models import LendingStop, Scope
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK, STOP = "lending.look", "lending.stop"
PAGE = 25
ATTEMPTS = 50


@needs(LOOK)
def lending(request):
    """What is stopped now and what was; one officer stops more by one press."""
    form = forms.Stop(request.POST or None)
    if request.method == "POST" and not holds(request, STOP, branch=""):
        raise PermissionDenied
    if form.is_valid():
        try:
            stops.stop(**form.wanted(), actor=request.actor, at=timezone.now())
            return to_page(request, "branch:risk:lending")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    running = queries.with_officers(stop_queries.open_stops())
    over = Paginator(stop_queries.lifted_stops(), PAGE).get_page(request.GET.get("page"))
    over.object_list = queries.with_officers(over.object_list)
    facts = {
        "on": business_date(),
        "running": running,
        "all_is_stopped": any(row.scope == Scope.ALL for row in running),
        "over": over,
        "may_stop": holds(request, STOP, branch=""),
        "form": form,
    }
    return page(request, "lending", facts, room="risk", status=422 if form.errors else 200)


@needs(LOOK)
def stop(request, public_id: UUID):
    """One stop, every loan that it blocked, and asking a second person to lift it."""
    row = _stop(public_id)
    form = forms.Lift(request.POST or None)
    if request.method == "POST" and not holds(request, STOP, branch=""):
        raise PermissionDenied
    if form.is_valid():
        try:
            asked = stops.ask_lift(
                row,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    waiting = shown(approval_queries.waiting_for(row, stops.DEED))
    attempts, older = queries.attempts_of(row, before=request.GET.get("before", ""), most=ATTEMPTS)
    [row] = queries.with_officers([row])
    facts = {
        "on": business_date(),
        "stop": row,
        "attempts": attempts,
        "older": f"?before={older}" if older else "",
        "blocked": row.attempts.count(),
        "waiting": waiting,
        "may_ask": row.is_open and not waiting and holds(request, STOP, branch=""),
        "may_open_files": holds(request, "customer.look"),
        "form": form,
    }
    return page(request, "stop", facts, room="risk", status=422 if form.errors else 200)


@needs(LOOK)
@require_GET
def attempts(request, public_id: UUID, kind: str):
    """Every loan that a stop blocked, as a file."""
    row = _stop(public_id)
    name = f"blocked-loans-{timezone.localtime(row.stopped_at):%Y-%m-%d-%H%M}"
    return files.answer(kind, queries.HEAD, queries.cells_of(row), title="Blocked", name=name)


def _stop(public_id: UUID) -> LendingStop:
    return get_object_or_404(
        LendingStop.objects.select_related("product", "approval"), public_id=public_id
    )
