"""The loan officer's pages: what is with a person, and one application."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.documents import queries as documents
from branch.credit import forms, operations, queries
from branch.workbench import doors
from branch.workbench.doors import needs
from branch.workbench.scope import scope_of
from ledger.approvals.models import Approval
from lending.applications import queries as applications
from lending.applications.models import LoanApplication
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK, DECIDE, PAPERS = "loan.look", "loan.decide", "document.look"
ASK_MARK = "loan.ask_mark"
BRANCH = "customer__branch"  # Work about a customer is that of the customer's branch.
PAGE = 50


@needs(LOOK)
@require_GET
def queue(request):
    """Applications that are with a person, the longest there first, by their clock."""
    scope = scope_of(request, LOOK)
    rows = scope.seen(applications.referred(), BRANCH)
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = queries.queue(found.object_list, at=timezone.now())
    kept = "&branch=all" if scope.is_all else ""
    facts = {"rows": shown, "pages": found, "kept": kept, "scope": scope}
    return doors.page(request, "queue", facts, room="credit")


@needs(LOOK)
def application(request, public_id: UUID):
    """One application: what was asked and told, what it rests on, and an officer's answer."""
    rows = LoanApplication.objects.select_related(
        "customer__user", "customer__tier", "business", "term__product",
        "business_request__sector", "business_request__document",
    )  # fmt: skip
    row = get_object_or_404(rows, public_id=public_id)
    may_decide = holds(request, DECIDE, branch=row.customer.branch_id)
    purpose = "REQUEST" if may_decide else "CONTROL"
    if shut := doors.shut(request, row.customer, purpose=purpose):
        return shut
    refuse_own(request, row)
    form = forms.Decide(request.POST or None, application=row)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    if form.is_valid():
        try:
            done = operations.decide(
                row, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
            if isinstance(done, Approval):
                return to_page(request, "branch:workbench:approval", done.public_id)
            return to_page(request, "branch:credit:application", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row = rows.get(pk=row.pk)
    facts = {
        "case": queries.case_of(row, at=timezone.now()),
        "form": form,
        "papers": _papers(request, row) if holds(request, "document.look") else [],
        "may_decide": may_decide,
        "may_ask_mark": holds(request, ASK_MARK, branch=row.customer.branch_id),
        "may_see_paper": holds(request, PAPERS, branch=row.customer.branch_id),
        "next": _next(request, row),
    }
    return doors.page(
        request, "application", facts, room="credit", status=422 if form.errors else 200
    )


def _papers(request, row: LoanApplication) -> list[queries.Paper]:
    key = request.session.session_key
    return queries.papers_of(row, user=request.user, session_key=key, at=timezone.now())


@needs(PAPERS)
@require_GET
def paper(request, public_id: UUID):
    """
    Lead to a link to the paper that shows a business's turnover, while the file of the director who
    asked is open; it ends in a few minutes.
    """
    rows = LoanApplication.objects.select_related("customer", "business_request__document")
    row = get_object_or_404(rows, public_id=public_id, business_request__document__isnull=False)
    if not (purpose := doors.purpose_of(request, row.customer)):
        return to_page(request, "branch:workbench:customer", row.customer.public_id)
    if not holds(request, PAPERS, branch=row.customer.branch_id):
        raise PermissionDenied
    refuse_own(request, row)
    token = documents.link_of(
        row.business_request.document,
        user=request.user,
        session_key=request.session.session_key,
        why=purpose,
        permission=PAPERS,
        at=timezone.now(),
    )
    return to_page(request, "accounts:documents:file", token)


def refuse_own(request, row: LoanApplication) -> None:
    """This will refuse whoever acts for a business or owns it: its member alone looks."""
    if row.business_id and request.actor.person in applications.persons_behind(row):
        raise PermissionDenied


def _next(request, row: LoanApplication) -> LoanApplication | None:
    """The next one to take up; never the officer's own."""
    waiting = scope_of(request, DECIDE).seen(applications.referred(), BRANCH)
    others = waiting.exclude(pk=row.pk)[:20]
    person = request.actor.person
    return next((one for one in others if person not in applications.persons_behind(one)), None)
