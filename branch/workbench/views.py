"""The workbench's own pages: home, approvals, search, a customer's file, and staff."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.customers.models import Customer
from accounts.documents import queries as document_queries
from accounts.documents.models import Document
from accounts.staff import queries as staff_queries
from accounts.staff.models import StaffMember
from accounts.statements.rows import row_of
from branch.workbench import forms, operations, panels, queries, queues
from branch.workbench.doors import needs, open_file, page, purpose_of, restriction
from branch.workbench.scope import scope_of
from branch.workbench.site import is_let_in
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds


@needs()
@require_GET
def home(request):
    """What waits for whoever looks, by the clock; not a list of tables (ux.md 2.4)."""
    facts = {
        "tasks": queues.tasks_of(request),
        "search": forms.Search(),
        "mine": queries.shown(approval_queries.waiting_by(request.actor.person)),
        "scope": scope_of(request, *request.held),
        "is_demo": settings.WEKEZA_DEMO,
    }
    return page(request, "home", facts)


@require_GET
def closed(request):
    """Says to somebody who is signed in what is missing before the workbench opens."""
    if is_let_in(request):
        return to_page(request, "branch:workbench:home")
    member = getattr(request.user, "staff_member", None) if request.user.is_authenticated else None
    return render(request, "branch/workbench/closed.html", {"member": member}, status=403)


@needs()
@require_GET
def approvals(request):
    """What waits for a second person: for whoever looks, by whoever looks, and what was decided."""
    facts = {
        "scope": scope_of(request, *request.held),
        "for_you": queries.shown(queues.decidable_here(request)),
        "by_you": queries.shown(approval_queries.waiting_by(request.actor.person)),
        "decided": queries.shown(approval_queries.decided(request.actor.person)),
    }
    return page(request, "approvals", facts)


@needs()
def approval(request, public_id: UUID):
    """One request: what will change, who asked and why; the second person says yes or no."""
    row = get_object_or_404(Approval, public_id=public_id)
    is_own = queries.is_own(row, request.actor)
    may_decide = not is_own and queues.may_decide(request, row)
    if not (is_own or may_decide):
        raise Http404
    form = forms.Decide(request.POST or None, initial={"digest": row.digest})
    if form.is_valid():
        try:
            _decide(row, form.cleaned_data, request)
            return to_page(request, "branch:workbench:approval", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    facts = {
        "row": queries.shown([row])[0],
        "subject": queries.subject_of_request(row),
        "form": form,
        "is_own": is_own,
        "is_intact": approval_queries.is_intact(row),
        "signatures": queries.signatures_of(row),
        "missing": approval_queries.missing(row),
        "has_signed": approval_queries.has_signed(row, request.actor.person),
    }
    return page(request, "approval", facts, status=422 if form.errors else 200)


@needs("customer.search")
def search(request):
    """
    Find a customer or business by anything that names one; what was searched by is kept. It is
    sent as a form, because an address stands in logs and histories, where no ID number belongs.
    """
    form = forms.Search(request.POST or None)
    found = None
    if form.is_valid() and (typed := form.cleaned_data["q"].strip()):
        found = queries.find(typed)
        operations.note_search(
            kind=found.kind, found=len(found), member=request.staff, actor=request.actor
        )
    return page(request, "search", {"form": form, "found": found})


@needs("customer.look")
def customer(request, public_id: UUID):
    """A customer's file; opening it takes a purpose, said once in a sitting."""
    found = _customer(public_id)
    if request.method == "GET" and (purpose := purpose_of(request, found)):
        return _file(request, found, purpose)

    may_investigate = holds(request, "monitor.look")
    form = forms.Purpose(request.POST or None, may_investigate=may_investigate)
    if form.is_valid():
        try:
            open_file(request, found, purpose=form.cleaned_data["purpose"])
            return to_page(request, "branch:workbench:customer", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"customer": found, "form": form} | restriction(request, found)
    return page(request, "purpose", facts, status=422 if form.errors else 200)


@needs("customer.look")
@require_GET
def panel(request, public_id: UUID, name: str):
    """One panel of a file that is open: into the file, or a page of its own without JavaScript."""
    found, shown = _customer(public_id), panels.panel_of(name)
    if shown is None:
        raise Http404
    if not purpose_of(request, found):
        return to_page(request, "branch:workbench:customer", public_id)
    facts = {
        "customer": found,
        "panel": shown,
        "part": f"branch/workbench/_panels.html#{name}",
        "may_review": holds(request, "kyc.review", branch=found.branch_id),
        "may_see_papers": holds(request, "document.look", branch=found.branch_id),
    } | shown.gather(found, timezone.now())
    if request.htmx:
        return render(request, facts["part"], facts)
    return page(request, "panel", facts)


@needs("customer.look")
def ask_access(request, public_id: UUID):
    """Ask a second person to open a restricted file for a while."""
    found = _customer(public_id)
    form = forms.Why(request.POST or None)
    if form.is_valid():
        try:
            asked = operations.ask_access(
                found,
                reason=form.cleaned_data["reason"],
                member=request.staff,
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"customer": found, "form": form} | restriction(request, found)
    return page(request, "ask_access", facts, status=422 if form.errors else 200)


@needs("customer.reveal")
def reveal(request, public_id: UUID):
    """The whole ID number, for a reason that is kept; shown once, on no address of its own."""
    found = _customer(public_id)
    if not purpose_of(request, found):
        return to_page(request, "branch:workbench:customer", public_id)
    form, number = forms.Why(request.POST or None), ""
    if form.is_valid():
        try:
            number = operations.reveal_id(
                found,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"customer": found, "form": form, "number": number}
    answer = page(request, "reveal", facts, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@needs("document.look")
@require_GET
def paper(request, public_id: UUID):
    """Lead to a link to one paper of a customer whose file is open; it ends in a few minutes."""
    document = get_object_or_404(Document, public_id=public_id, customer__isnull=False)
    if not (purpose := purpose_of(request, document.customer)):
        return to_page(request, "branch:workbench:customer", document.customer.public_id)
    if not holds(request, "document.look", branch=document.customer.branch_id):
        raise PermissionDenied
    token = document_queries.link_of(
        document,
        user=request.user,
        session_key=request.session.session_key,
        why=purpose,
        permission="document.look",
        at=timezone.now(),
    )
    return to_page(request, "accounts:documents:file", token)


@needs("staff.look")
@require_GET
def staff(request):
    """Who works here with which roles, and what every role may do."""
    facts = {
        "members": staff_queries.members(at=timezone.now()),
        "matrix": queries.matrix(on=timezone.localdate()),
    }
    return page(request, "staff", facts)


@needs("staff.administer")
def hire(request):
    """Ask a second person to let somebody work here."""
    form = forms.Hire(request.POST or None)
    if form.is_valid():
        try:
            asked = operations.hire(**form.cleaned_data, actor=request.actor, at=timezone.now())
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return page(request, "hire", {"form": form}, status=422 if form.errors else 200)


@needs("staff.look")
def member(request, public_id: UUID):
    """Somebody who works here: roles now, and what whoever may administer can ask for."""
    row = get_object_or_404(StaffMember.objects.select_related("branch"), public_id=public_id)
    may_administer = holds(request, "staff.administer", branch=row.branch_id)
    form = forms.AboutMember(request.POST or None)
    if request.method == "POST" and not may_administer:
        raise PermissionDenied
    if form.is_valid():
        try:
            operations.change_member(
                row, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
            return to_page(request, "branch:workbench:member", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    facts = {
        "member": row,
        "grants": staff_queries.grants_of(row, at=timezone.now()),
        "waiting": queries.shown(approval_queries.waiting_for(row)),
        "form": form,
        "may_administer": may_administer,
    }
    return page(request, "member", facts, status=422 if form.errors else 200)


@needs()
def emergencies(request):
    """Take a role alone in an emergency, and judge what others took."""
    may_judge = holds(request, "staff.decide", branch="")
    form = forms.Emergency(request.POST or None)
    if form.is_valid():
        try:
            operations.emergency(
                **form.cleaned_data,
                member=request.staff,
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:workbench:emergencies")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "form": form,
        "to_judge": staff_queries.unjudged() if may_judge else [],
        "running": staff_queries.emergencies(request.staff, at=timezone.now()),
        "roles": staff_queries.emergency_roles(),
    }
    return page(request, "emergencies", facts, status=422 if form.errors else 200)


def _customer(public_id: UUID) -> Customer:
    try:
        return queries.customer_by(public_id)
    except Customer.DoesNotExist as error:
        raise Http404 from error


def _file(request, customer: Customer, purpose: str):
    at = timezone.now()
    file = queries.file_of(customer, at=at)
    facts = {
        "file": file,
        "rows": [row_of(row) for row in file.rows],
        "panels": panels.PANELS,
        "purpose": dict(forms.PURPOSES)[purpose],
        "is_told": purpose != "INVESTIGATION",
        "may_reveal": holds(request, "customer.reveal", branch=customer.branch_id),
        "may_stop": holds(request, "customer.suspend", branch=customer.branch_id),
    }
    return page(request, "customer", facts)


def _decide(row: Approval, said: dict, request) -> None:
    who = {"actor": request.actor, "at": timezone.now()}
    if said["verdict"] == "approve":
        operations.approve(
            row,
            digest=said["digest"],
            code=said["code"],
            note=said["note"],
            user=request.user,
            **who,
        )
    elif said["verdict"] == "reject":
        operations.reject(row, reason=said["note"], **who)
    else:
        operations.withdraw(row, **who)
