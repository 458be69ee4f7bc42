"""The desk of compliance: alerts by their clock, an alert, a case, and the rules."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.monitoring import operations as monitoring
from accounts.monitoring import publishing
from accounts.monitoring import queries as monitoring_queries
from accounts.monitoring.models import Alert, MonitorCase
from accounts.monitoring.refusals import AboutYourself
from branch.compliance import forms, operations, queries
from branch.workbench.doors import needs, page
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds


@needs("monitor.look")
@require_GET
def alerts(request):
    """What waits for a verdict, by its clock; the running cases; and what was decided lately."""

    def seen(rows):
        return monitoring_queries.seen_by(rows, request.actor)

    most = queries.MOST_DECIDED
    facts = {
        "waiting": queries.with_takers(seen(monitoring_queries.waiting_alerts())),
        "cases": seen(monitoring_queries.running_cases()),
        "decided": queries.with_takers(seen(monitoring_queries.decided_alerts())[:most]),
        "decided_cases": seen(monitoring_queries.decided_cases())[:most],
        "now": timezone.now(),
    }
    return page(request, "branch/compliance/alerts", facts)


@needs("monitor.look")
def alert(request, public_id: UUID):
    """One alert: why, in words and figures; the payments; the history; and what can be done."""
    row = _opened(Alert, public_id, request)
    form = forms.AboutAlert(request.POST or None)
    if form.is_valid():
        try:
            made = operations.about_alert(
                row, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
            return _to_what_was_made(request, made, "branch:compliance:alert", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    facts = {
        "alert": queries.with_takers([row])[0],
        "hits": row.hits.order_by("-found_at", "-pk"),
        "payments": (paid := queries.payments([row])),
        "people": queries.people_behind(paid),
    }
    return _page_of(request, "alert", row, form, facts)


@needs("monitor.look")
def case(request, public_id: UUID):
    """One case: its alerts and payments, the clock of the report, the history, what can be done."""
    row = _opened(MonitorCase, public_id, request)
    form = forms.AboutCase(request.POST or None)
    if form.is_valid():
        try:
            made = operations.about_case(
                row, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
            return _to_what_was_made(request, made, "branch:compliance:case", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    found = list(row.alerts.select_related("rule").order_by("found_at"))
    paid = queries.payments(found)
    facts = {"case": row, "alerts": found, "payments": paid, "people": queries.people_behind(paid)}
    facts["may_decide"] = holds(request, "monitor.decide")
    return _page_of(request, "case", row, form, facts)


@needs("monitor.look")
@require_GET
def rules(request):
    """Every rule as it is now, and how often it was wrong."""
    return page(request, "branch/compliance/rules", {"rules": queries.rules(request.actor)})


@needs("monitor.look")
def rule(request, code: str):
    """One rule: its versions, a trial on the past, and asking a second person for another one."""
    versions = list(monitoring_queries.versions(code))
    if not versions:
        raise Http404
    newest, now = versions[0], timezone.now()
    form = forms.Rule(request.POST or None, rule=newest, today=timezone.localdate())
    facts = {"rule": newest, "versions": versions, "form": form, "trials": []}
    if form.is_valid():
        said = form.cleaned_data
        try:
            if said["deed"] == "ask":
                asked = publishing.ask(
                    newest,
                    parameters=form.parameters,
                    **{name: said[name] for name in ("severity", "is_on", "start", "reason")},
                    actor=request.actor,
                    at=now,
                )
                return to_page(request, "branch:workbench:approval", asked.public_id)
            span = (said["first"], said["last"])
            facts["trials"] = [
                (
                    name,
                    monitoring_queries.dry_run(
                        code, parameters, *span, at=now, seen_by=request.actor
                    ),
                )
                for name, parameters in (
                    (f"Version {newest.version}", newest.parameters),
                    ("As you typed it", form.parameters),
                )
            ]
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts["asked"] = shown(approval_queries.waiting_for(newest))
    facts["may_ask"] = holds(request, "monitor.review")
    status = 422 if form.errors else 200
    return page(request, "branch/compliance/rule", facts, status=status)


def _opened(model, public_id: UUID, request):
    """The record, once it is kept that somebody opened it; nobody finds one about themselves."""
    row = get_object_or_404(
        model.objects.select_related("customer", "business"), public_id=public_id
    )
    may_write = holds(request, "monitor.review") or holds(request, "monitor.decide")
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    try:
        monitoring.keep_seen(row, actor=request.actor, at=timezone.now())
    except AboutYourself as refusal:
        raise Http404 from refusal
    return row


def _to_what_was_made(request, made, name: str, public_id: UUID):
    if isinstance(made, Approval):
        return to_page(request, "branch:workbench:approval", made.public_id)
    if isinstance(made, MonitorCase):
        return to_page(request, "branch:compliance:case", made.public_id)
    return to_page(request, name, public_id)


def _page_of(request, name: str, row, form, facts: dict):
    around = {
        "form": form,
        "history": queries.history(row),
        "asked": shown(approval_queries.waiting_for(row)),
        "may_review": holds(request, "monitor.review"),
        "now": timezone.now(),
    }
    status = 422 if form.errors else 200
    return page(request, f"branch/compliance/{name}", around | facts, status=status)
