"""Wishes to pay a loan otherwise, at the loan officer's desk: what waits, and one of them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.credit import forms
from branch.credit.views import refuse_own
from branch.workbench import doors
from branch.workbench.doors import needs
from branch.workbench.scope import scope_of
from ledger.approvals import queries as approvals
from ledger.calendar import queries as calendar
from lending.repayments import debts
from lending.restructures import operations, plan, queries
from lending.restructures.models import Restructure
from lending.restructures.operations import DECIDE, DEED
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK = "loan.look"
BRANCH = "loan__customer__branch"
PAGE = 50


@needs(LOOK)
@require_GET
def waiting(request):
    """Wishes that are with the bank, the longest there first."""
    scope = scope_of(request, LOOK)
    rows = scope.seen(queries.waiting(), BRANCH)
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {"pages": found, "kept": "&branch=all" if scope.is_all else "", "scope": scope}
    return doors.page(request, "changes", facts, room="credit")


@needs(LOOK)
def change(request, public_id: UUID):
    """One wish: how the loan stands, what it would come to, and an officer's answer."""
    rows = Restructure.objects.select_related(
        "loan__customer__user",
        "loan__customer__tier",
        "loan__business",
        "loan__term__product",
        "loan__product",
    )
    row = get_object_or_404(rows, public_id=public_id)
    refuse_own(request, row.loan.application)
    customer, at = row.loan.customer, timezone.now()
    may_decide = holds(request, DECIDE, branch=customer.branch_id)
    if shut := doors.shut(request, customer, purpose="REQUEST" if may_decide else "CONTROL"):
        return shut
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    form = forms.Propose(request.POST or None, initial={"kind": row.kind, "number": row.number})
    if form.is_valid():
        facts, who = form.cleaned_data, {"at": at, "actor": request.actor}
        try:
            if "refuse" in request.POST:
                operations.refuse(row, why=facts["why"], **who)
                return to_page(request, "branch:credit:change", public_id)
            asked = operations.propose(row, **facts, **who)
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row = rows.get(pk=row.pk)
    facts = {"wish": row, "form": form, "may_decide": may_decide, **_figures(row)}
    status = 422 if form.errors else 200
    return doors.page(request, "change", facts, room="credit", status=status)


def _figures(row: Restructure) -> dict:
    debt = debts.of(row.loan, on=calendar.business_date())
    asked = list(approvals.waiting_for(row, DEED))
    if not row.is_open:
        return {"debt": debt, "asked": asked}
    found = plan.of(debt, kind=row.kind, number=row.number)
    return {"debt": debt, "plan": found, "asked": asked}
