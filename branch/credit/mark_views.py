"""What is known of a borrower: read by who looks at loans, proposed and lifted by two persons."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone

from branch.credit import forms, queries
from branch.credit.views import LOOK, refuse_own
from branch.workbench import doors
from branch.workbench.doors import needs
from ledger.approvals.models import Approval
from lending.applications.models import LoanApplication
from lending.watch import operations as watch
from lending.watch import queries as known
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds


@needs(LOOK)
def marks(request, public_id: UUID):
    """
    All that was ever kept of whoever borrows by an application; on POST an officer proposes a mark,
    or to lift one.
    """
    rows = LoanApplication.objects.select_related("customer__user", "customer__tier", "business")
    row = get_object_or_404(rows, public_id=public_id)
    may_ask = holds(request, watch.ASK, branch=row.customer.branch_id)
    if shut := doors.shut(request, row.customer, purpose="CONTROL"):
        return shut
    refuse_own(request, row)
    if request.method == "POST" and not may_ask:
        raise PermissionDenied
    is_lift = "lift" in request.POST
    form = forms.Mark(None if is_lift else request.POST or None)
    lift = forms.LiftMark(request.POST if is_lift else None, standing=known.standing(row.party))
    asked_by = lift if is_lift else form
    if asked_by.is_valid():
        try:
            asked = _propose(request, row, **asked_by.cleaned_data)
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            asked_by.add_error(None, str(refusal))
    facts = {
        "application": row,
        "known": queries.known_of(row),
        "form": form,
        "lift": lift,
        "sent": asked_by,
        "may_ask": may_ask,
    }
    status = 422 if asked_by.errors else 200
    return doors.page(request, "marks", facts, room="credit", status=status)


def _propose(request, row: LoanApplication, **said) -> Approval:
    who = {"actor": request.actor, "at": timezone.now()}
    if mark := said.pop("mark", None):
        return watch.ask_lift(mark, application=row, **said, **who)
    return watch.ask(row, **said, **who)
