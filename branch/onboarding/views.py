"""Officers' pages: papers to check, identities in doubt, corrections, and requests about data."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.customers import queries as customers
from accounts.customers.models import ProfileChange
from accounts.documents.models import Document
from accounts.kyc import desk
from accounts.kyc import queries as kyc_queries
from accounts.kyc.models import Submission
from accounts.privacy import queries as privacy
from accounts.privacy.models import DataRequest
from accounts.registry import queries as registry
from accounts.registry.models import IdentityCheck
from branch.onboarding import forms, operations, queries
from branch.workbench import doors
from branch.workbench.doors import needs
from branch.workbench.scope import scope_of
from ledger.approvals import queries as approvals
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

BRANCH = "customer__branch"  # Work about a customer is that of the customer's branch.


@needs("kyc.review")
@require_GET
def kyc(request):
    """Requests for a higher tier by the bank's own clock."""
    scope = scope_of(request, "kyc.review")
    rows = queries.kyc_queue(scope.seen(kyc_queries.waiting(), BRANCH), at=timezone.now())
    return _page(request, "kyc", {"rows": rows, "scope": scope})


@needs("kyc.review")
def review(request, public_id: UUID):
    """One request: every paper beside what was told, the registers' answers, and the tier."""
    rows = Submission.objects.select_related("customer__user", "customer__tier", "tier")
    submission = get_object_or_404(rows, public_id=public_id)
    if shut := doors.shut(request, submission.customer, purpose="REVIEW"):
        return shut
    is_paper = "document" in request.POST
    form = (forms.Paper if is_paper else forms.Request)(request.POST or None)
    if form.is_valid():
        decide = _decide_paper if is_paper else operations.decide_request
        if _is_done(request, form, decide, submission):
            return to_page(request, "branch:onboarding:review", public_id)
        submission = rows.get(pk=submission.pk)
    return _page(request, "review", _review_facts(request, submission, form), form)


@needs("kyc.review")
@require_GET
def checks(request):
    """Identities that a register did not confirm, and questions that nobody answers."""
    scope, unanswered = scope_of(request, "kyc.review"), registry.unanswered(at=timezone.now())
    facts = {
        "doubts": scope.seen(registry.queue(), BRANCH),
        "unanswered": scope.seen(unanswered, BRANCH),
        "scope": scope,
    }
    return _page(request, "checks", facts)


@needs("kyc.review")
def check(request, public_id: UUID):
    """One check: what was compared, what came back, and what the officer found."""
    rows = IdentityCheck.objects.select_related("customer__user", "customer__tier")
    row = get_object_or_404(rows, public_id=public_id)
    if shut := doors.shut(request, row.customer, purpose="REVIEW"):
        return shut
    form = forms.Doubt(request.POST or None)
    if form.is_valid() and _is_done(request, form, operations.decide_check, row):
        return to_page(request, "branch:onboarding:check", public_id)
    row = rows.get(pk=row.pk)
    facts = {
        "row": row,
        "form": form,
        "newest": registry.newest(row.customer, row.kind),
        "next": scope_of(request, "kyc.review")
        .seen(registry.queue(), BRANCH)
        .exclude(customer=row.customer)
        .first(),
    }
    return _page(request, "check", facts, form)


@needs("customer.correct")
@require_GET
def corrections(request):
    """Names, ID numbers and dates of birth that customers ask to have corrected."""
    scope = scope_of(request, "customer.correct")
    facts = {"rows": scope.seen(customers.changes_waiting(), BRANCH), "scope": scope}
    return _page(request, "corrections", facts)


@needs("customer.correct")
def correction(request, public_id: UUID):
    """One correction: before and after, and the customer's reason."""
    rows = ProfileChange.objects.select_related("customer__user", "customer__tier")
    row = get_object_or_404(rows, public_id=public_id)
    if shut := doors.shut(request, row.customer, purpose="REQUEST"):
        return shut
    form = forms.Correction(request.POST or None)
    if form.is_valid() and _is_done(request, form, operations.decide_correction, row):
        return to_page(request, "branch:onboarding:correction", public_id)
    row = rows.get(pk=row.pk)
    asked = approvals.waiting_for(row.customer, "customers.correct")
    facts = {
        "row": row,
        "values": queries.before_and_after(row),
        "form": form,
        "asked": [one for one in asked if one.payload["change"] == row.pk],
        "may_see_papers": holds(request, "document.look", branch=row.customer.branch_id),
    }
    return _page(request, "correction", facts, form)


@needs("customer.decide")
@require_GET
def data_requests(request):
    """What customers ask about their data, by the law's clock."""
    scope = scope_of(request, "customer.decide")
    facts = {
        "rows": scope.seen(privacy.waiting(), BRANCH),
        "today": timezone.localdate(),
        "scope": scope,
    }
    return _page(request, "data_requests", facts)


@needs("customer.decide")
def data_request(request, public_id: UUID):
    """One request about data, and the bank's answer."""
    rows = DataRequest.objects.select_related("customer__user", "customer__tier")
    row = get_object_or_404(rows, public_id=public_id)
    if shut := doors.shut(request, row.customer, purpose="REQUEST"):
        return shut
    form = forms.Answer(request.POST or None)
    if form.is_valid() and _is_done(request, form, operations.answer_request, row):
        return to_page(request, "branch:onboarding:data_request", public_id)
    row = rows.get(pk=row.pk)
    facts = {"row": row, "form": form, "today": timezone.localdate()}
    return _page(request, "data_request", facts, form)


def _page(request, template: str, facts: dict, form=None):
    status = 422 if form is not None and form.errors else 200
    return doors.page(request, template, facts, status=status, room="onboarding")


def _is_done(request, form, decide, row) -> bool:
    """Calls the operation with what was said; a refusal goes onto the form."""
    try:
        decide(row, **form.cleaned_data, actor=request.actor, at=timezone.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _decide_paper(submission: Submission, *, document: UUID, **said) -> None:
    found = get_object_or_404(Document, public_id=document, owner_ref=submission.customer.owner_ref)
    operations.decide_paper(submission, document=found, **said)


def _review_facts(request, submission: Submission, form) -> dict:
    at = timezone.now()
    case = desk.case_of(submission, at=at)
    papers = queries.papers_of(
        case.needs,
        user=request.user,
        session_key=request.session.session_key,
        may_look=holds(request, "document.look", branch=submission.customer.branch_id),
        at=at,
    )
    said = form if isinstance(form, forms.Request) else forms.Request()
    before, after = queries.daily_limits(submission, at=at)
    return {
        "case": case,
        "told": queries.told_of(case),
        "papers": [(paper, forms.paper_form(forms.Paper, paper, form)) for paper in papers],
        "form": form,
        "said": said,
        "is_late": submission.is_sent and submission.answer_due_at < at,
        "is_open": submission.is_sent and not case.waiting,
        "all_accepted": all(need.is_met for need in case.needs),
        "any_declined": any(not need.is_there for need in case.needs),
        "daily_before": before,
        "daily_after": after,
        "next": queries.next_after(
            submission,
            rows=scope_of(request, "kyc.review").seen(desk.to_review(), BRANCH),
            person=request.actor.person,
        ),
    }
