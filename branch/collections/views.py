"""The collections officer's pages: the worklist, and one late loan."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.documents import queries as documents
from accounts.staff import queries as staff
from branch.collections import forms, queries
from branch.workbench import doors
from branch.workbench.doors import needs
from branch.workbench.scope import scope_of
from ledger.calendar import queries as calendar
from lending.applications.queries import persons_behind
from lending.collections import access, letters, operations, promises
from lending.collections import queries as collections
from lending.collections.models import CollectionCase
from lending.collections.states import StepState
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

BRANCH = "loan__customer__branch"  # Work about a customer is that of the customer's branch.
PAGE = 25  # What is owed of each is looked up anew.


@needs(access.LOOK)
@require_GET
def worklist(request):
    """Late loans in the order to take them up, by bucket; one's own, or everybody's."""
    scope = scope_of(request, access.LOOK)
    rows = scope.seen(collections.worklist(), BRANCH)
    form = forms.Late(
        request.GET or None, today=calendar.business_date(), counts=queries.counts(rows)
    )
    found = queries.chosen(rows, **form.wanted(), actor=request.actor)
    pages = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    facts = {
        "rows": queries.shown(pages.object_list),
        "pages": pages,
        "form": form,
        "is_filtered": form.is_filtered,
        "same": kept.urlencode(),
        "scope": scope,
    }
    return doors.page(
        request, "worklist", facts, room="collections", status=422 if form.errors else 200
    )


@needs(access.LOOK)
def case(request, public_id: UUID):
    """One late loan: what is owed and to do, every contact and promise; what an officer does."""
    row = _case_of(request, public_id)
    may_work = row.is_open and holds(request, access.WORK, branch=row.loan.customer.branch_id)
    purpose = "REQUEST" if may_work else "CONTROL"
    if shut := doors.shut(request, row.loan.customer, purpose=purpose):
        return shut
    deed = request.POST.get("deed", "") if request.method == "POST" else None
    if deed is not None and not may_work:
        raise PermissionDenied
    bound = _forms(request, row, deed)
    refused = ""
    if deed is not None:
        form = bound.get(deed)
        try:
            if form is None or form.is_valid():
                _do(row, deed, form, actor=request.actor)
                return to_page(request, "branch:collections:case", public_id)
        except Refusal as refusal:
            refused = str(refusal)
    facts = {
        "file": queries.file_of(get_object_or_404(_cases(), pk=row.pk), at=timezone.now()),
        "may_work": may_work,
        "is_mine": row.taken_by == str(request.actor),
        "forms": bound,
        "refused": refused,
        "wrong": bound.get(deed),
    }
    status = 422 if refused or (deed and bound[deed].errors) else 200
    return doors.page(request, "case", facts, room="collections", status=status)


@needs(access.LOOK)
@require_GET
def letter(request, public_id: UUID, paper: UUID):
    """
    Lead to a link to a letter of a case, while the file of its customer is open; it ends in a few
    minutes.
    """
    row = _case_of(request, public_id)
    kept = get_object_or_404(row.contacts.select_related("letter"), letter__public_id=paper)
    customer = row.loan.customer
    if not (purpose := doors.purpose_of(request, customer)):
        return to_page(request, "branch:collections:case", public_id)
    if not holds(request, access.LOOK, branch=customer.branch_id):
        raise PermissionDenied
    token = documents.link_of(
        kept.letter, user=request.user, session_key=request.session.session_key, why=purpose,
        permission=access.LOOK, at=timezone.now(),
    )  # fmt: skip
    return to_page(request, "accounts:documents:file", token)


def _forms(request, row: CollectionCase, deed: str | None) -> dict:
    """The forms of the page; only the one that was sent is bound."""
    sent = {deed: request.POST}
    steps = list(row.steps.filter(state=StepState.WAITING).order_by("pk"))
    on = calendar.nairobi_date(timezone.now())
    colleagues = staff.holders_of(access.WORK, on=on).order_by("full_name")
    return {
        "contact": forms.Contact(sent.get("contact"), steps=steps, prefix="contact"),
        "assign": forms.Assign(sent.get("assign"), colleagues=colleagues, prefix="assign"),
        "promise": forms.Promise(sent.get("promise"), prefix="promise"),
    }


def _do(row: CollectionCase, deed: str, form, *, actor) -> None:
    who = {"actor": actor, "at": timezone.now()}
    if deed == "contact":
        operations.contact(row, **form.cleaned_data, **who)
    elif deed == "assign":
        operations.assign(row, **form.cleaned_data, **who)
    elif deed == "promise":
        facts = form.cleaned_data
        promises.make(row.loan, **facts | {"reference": str(facts["reference"])}, **who)
    elif deed == "letter":
        letters.write(row, **who)
    else:
        operations.take(row, **who)


def _case_of(request, public_id: UUID) -> CollectionCase:
    """A case; whoever acts for the business that is late, or owns it, is its member alone."""
    row = get_object_or_404(_cases(), public_id=public_id)
    application = row.loan.application
    if application.business_id and request.actor.person in persons_behind(application):
        raise PermissionDenied
    return row


def _cases():
    return CollectionCase.objects.select_related(
        "loan__customer__user", "loan__customer__tier", "loan__product", "loan__term"
    )
