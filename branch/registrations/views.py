"""Businesses that register, businesses that bank here, and changes of sole directors."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.businesses import queries as businesses_queries
from accounts.businesses import review
from accounts.businesses.models import Business, Change
from accounts.statements.rows import row_of
from branch.onboarding.forms import paper_form
from branch.registrations import forms, operations, queries
from branch.workbench.doors import needs, page
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

MOST = 100
LOOK = "customer.look"
OFFICERS = ("business.review", "business.activate")


@needs(*OFFICERS)
@require_GET
def businesses(request):
    """Registrations by age, changes that the bank confirms, and who banks here."""
    facts = {
        "submitted": businesses_queries.submitted()[:MOST],
        "renewed": businesses_queries.with_new_papers()[:MOST],
        "changes": businesses_queries.changes_for_the_bank()[:MOST],
        "banking": businesses_queries.banking()[:MOST],
    }
    return page(request, "branch/registrations/businesses", facts)


@needs(*OFFICERS, LOOK)
def business(request, public_id: UUID):
    """One business: what it has and paid, its papers; ask to open it, or send it back."""
    row = get_object_or_404(Business, public_id=public_id)
    if request.method == "POST" and not _is_officer(request):
        raise PermissionDenied
    is_paper = "document" in request.POST
    form = (forms.Paper if is_paper else forms.Propose)(request.POST or None)
    if form.is_valid():
        how = {**form.cleaned_data, "actor": request.actor, "at": timezone.now()}
        try:
            if is_paper:
                _decide_paper(request, row, how)
                return to_page(request, "branch:registrations:business", public_id)
            asked = operations.propose(row, **how)
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = _business_facts(request, row, form)
    return page(request, "branch/registrations/business", facts, status=422 if form.errors else 200)


@needs(*OFFICERS)
def change(request, public_id: UUID):
    """A change that the only director asked for; ask that the bank stands in for a second one."""
    rows = Change.objects.select_related("business", "made_by")
    row = get_object_or_404(rows, public_id=public_id)
    form = forms.Confirm(request.POST or None)
    if form.is_valid():
        try:
            asked = review.ask_confirmation(
                row,
                reason=form.cleaned_data["reason"],
                address=request.build_absolute_uri("/").rstrip("/"),
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "change": row,
        "them": businesses_queries.person_of(row),
        "roles": queries.roles_in(row),
        "bands": businesses_queries.bands_of(row.business),
        "after": queries.bands_after(row),
        "waiting": (waiting := shown(approval_queries.waiting_for(row))),
        "form": form,
        "may_propose": row.is_waiting and not waiting and holds(request, "business.review"),
    }
    return page(request, "branch/registrations/change", facts, status=422 if form.errors else 200)


def _decide_paper(request, row: Business, how: dict) -> None:
    if not holds(request, "business.review"):
        raise PermissionDenied
    operations.decide_paper(row, **how)


def _is_officer(request) -> bool:
    return any(holds(request, one) for one in OFFICERS)


def _money(request, row: Business) -> dict:
    """What it has and paid, or why whoever looks may not see it; nothing before it has accounts."""
    if not (holds(request, LOOK) and row.deposit_accounts.exists()):
        return {}
    how = {"actor": request.actor, "at": timezone.now()}
    try:
        standing = operations.look_at_money(row, member=request.staff, **how)
    except Refusal as refusal:
        return {"money_shut": str(refusal)}
    rows = [row_of(each) for each in standing.rows]
    return {"holdings": standing.holdings, "rows": rows}


def _is_own(request, row: Business) -> bool:
    return businesses_queries.with_person(request.actor.person).filter(pk=row.pk).exists()


def _business_facts(request, row: Business, form) -> dict:
    at = timezone.now()
    papers = queries.papers_of(
        row,
        user=request.user,
        session_key=request.session.session_key,
        may_look=holds(request, "document.look"),
        at=at,
    )
    may_review = holds(request, "business.review")
    return {
        "file": queries.registration_of(
            row,
            sees_screening=holds(request, "screening.look") and not _is_own(request, row),
            at=at,
        ),
        "papers": [(paper, paper_form(forms.Paper, paper, form)) for paper in papers],
        "waiting": shown(approval_queries.waiting_for(row)),
        "form": form,
        "said": form if isinstance(form, forms.Propose) else forms.Propose(),
        "may_review": may_review,
        "may_propose": row.is_submitted and may_review,
        "is_officer": _is_officer(request),
    } | _money(request, row)
