"""Cases of fraud: what the rules found, who has each in hand, the verdict; and known fraud."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books.queries import names_of, with_names
from branch.risk import fraud_forms as forms
from branch.workbench.doors import needs, page
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from ledger.calendar.queries import business_date
from lending.fraud import operations as fraud
from lending.fraud import queries, words
from lending.fraud.models import FraudCase, FraudMark
from lending.fraud.refusals import AboutYourself
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

PAGE = 25


@needs(queries.LOOK)
@require_GET
def cases(request):
    """What waits for a verdict, the heaviest first, and what was decided."""
    waiting = queries.about_others(queries.waiting(), request.actor)
    decided = queries.about_others(queries.decided(), request.actor)
    over = Paginator(decided, PAGE).get_page(request.GET.get("page"))
    over.object_list = with_names(list(over.object_list), "decided_by")
    facts = {
        "on": business_date(),
        "waiting": with_names(list(waiting), "taken_by"),
        "over": over,
    }
    return page(request, "fraud", facts, room="risk")


@needs(queries.LOOK)
def case(request, public_id: UUID):
    """One case: the rules that fired with their facts, the notes, and what can be done."""
    row = get_object_or_404(queries.cases(), public_id=public_id)
    now = timezone.now()
    form = forms.AboutCase(request.POST or None)
    try:
        fraud.keep_seen(row, actor=request.actor, at=now)
    except AboutYourself as refusal:
        raise Http404 from refusal
    if request.method == "POST" and not holds(request, queries.DECIDE, branch=""):
        raise PermissionDenied
    if form.is_valid():
        try:
            _do(row, **form.cleaned_data, actor=request.actor, at=now)
            return to_page(request, "branch:risk:fraud_case", row.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row = get_object_or_404(queries.cases(), public_id=public_id)
    flags = list(row.assessment.flags.order_by("-weight", "pk"))
    for flag in flags:
        flag.found = words.found(flag)
    facts = {
        "case": row,
        "application": row.assessment.application,
        "flags": flags,
        "notes": with_names(list(row.notes.order_by("-pk")), "written_by"),
        "marks": row.marks.order_by("pk"),
        "names": _names(row),
        "may_decide": row.waits and holds(request, queries.DECIDE, branch=""),
        "may_open_files": holds(request, "customer.look"),
        "form": form,
    }
    return page(request, "fraud_case", facts, room="risk", status=422 if form.errors else 200)


@needs(queries.LOOK)
def marks(request):
    """What fraud was done with, as far as anybody may read it; adding to it."""
    form = forms.NewMark(request.POST or None)
    may_decide = holds(request, queries.DECIDE, branch="")
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    if form.is_valid():
        try:
            fraud.add_mark(**form.cleaned_data, actor=request.actor, at=timezone.now())
            return to_page(request, "branch:risk:fraud_marks")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    rows = Paginator(queries.marks(), PAGE).get_page(request.GET.get("page"))
    rows.object_list = with_names(list(rows.object_list), "added_by")
    facts = {"on": business_date(), "rows": rows, "form": form, "may_decide": may_decide}
    return page(request, "fraud_marks", facts, room="risk", status=422 if form.errors else 200)


@needs(queries.LOOK)
def mark(request, public_id: UUID):
    """One mark, and asking a second person to take it off."""
    row = get_object_or_404(FraudMark.objects.select_related("approval"), public_id=public_id)
    form = forms.EndMark(request.POST or None)
    may_decide = holds(request, queries.DECIDE, branch="")
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    if form.is_valid():
        try:
            asked = fraud.ask_end(
                row, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )  # fmt: skip
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    waiting = shown(approval_queries.waiting_for(row, fraud.END))
    names = names_of([row.added_by, row.ended_by])
    facts = {
        "mark": row,
        "added_by": names[row.added_by],
        "ended_by": names[row.ended_by],
        "waiting": waiting,
        "may_ask": row.stands and not waiting and may_decide,
        "form": form,
    }
    return page(request, "fraud_mark", facts, room="risk", status=422 if form.errors else 200)


def _do(row: FraudCase, *, deed: str, text: str, marks: list[str], **who) -> None:
    if deed == "take":
        fraud.take(row, **who)
    elif deed == "note":
        fraud.write_note(row, text=text, **who)
    elif deed == "escalate":
        fraud.escalate(row, text=text, **who)
    elif deed == "confirm":
        fraud.confirm(row, text=text, marks=marks, **who)
    else:
        fraud.clear(row, text=text, **who)


def _names(row: FraudCase) -> dict[str, str]:
    actors = {"taken": row.taken_by, "escalated": row.escalated_by, "decided": row.decided_by}
    names = names_of(actors.values())
    return {what: names[who] for what, who in actors.items()}
