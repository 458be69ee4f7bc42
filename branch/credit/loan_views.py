"""Loans as staff see them: finding one, all of it on one page, and asking to write it off."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone

from branch.credit import forms, loan_file
from branch.credit.views import refuse_own
from branch.workbench import doors
from branch.workbench import operations as workbench
from branch.workbench.doors import needs
from branch.workbench.scope import scope_of
from lending.loans.models import Loan
from lending.writeoffs import operations as writeoffs
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK, ASK, REPLAY = "loan.look", "loan.ask_write_off", "loan.ask_replay"
ASK_MARK = "loan.ask_mark"
BRANCH = "customer__branch"
PAGE = 50


@needs(LOOK)
def loans(request):
    """
    The newest loans of one's branch, or those that were searched for. A search is sent as a form,
    because an address stands in logs, where no name belongs.
    """
    scope = scope_of(request, LOOK)
    form = forms.FindLoan(request.POST or None)
    rows, kind = scope.seen(Loan.objects.all(), BRANCH), ""
    if form.is_valid() and (typed := form.cleaned_data["q"].strip()):
        reached = loan_file.latest(scope.reached(Loan.objects.all(), BRANCH))
        found, kind = loan_file.found(reached, typed)
        workbench.note_search(
            kind=kind, found=len(found), member=request.staff, actor=request.actor
        )
    else:
        found = loan_file.latest(rows)
    pages = Paginator(found, PAGE).get_page(request.GET.get("page"))
    facts = {
        "form": form,
        "rows": pages.object_list,
        "pages": pages,
        "kind": kind,
        "kept": "&branch=all" if scope.is_all else "",
        "scope": scope,
    }
    return doors.page(request, "loans", facts, room="credit")


@needs(LOOK)
def loan(request, number: str):
    """One loan; on POST an officer asks the committee to write it off."""
    row = loan_of(request, number)
    may_ask = holds(request, ASK, branch=row.customer.branch_id)
    if shut := doors.shut(request, row.customer, purpose="CONTROL"):
        return shut
    form = forms.AskWriteOff(request.POST or None)
    if request.method == "POST" and not may_ask:
        raise PermissionDenied
    if form.is_valid():
        try:
            asked = writeoffs.ask(
                row, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now()
            )
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "file": loan_file.file_of(row),
        "form": form,
        "may_ask": may_ask,
        "may_ask_mark": holds(request, ASK_MARK, branch=row.customer.branch_id),
        "may_replay": holds(request, REPLAY, branch=row.customer.branch_id),
        "may_see_books": holds(request, "books.look"),
    }
    return doors.page(request, "loan", facts, room="credit", status=422 if form.errors else 200)


def loan_of(request, number: str) -> Loan:
    """This will give a loan that whoever asks may look at, or no page."""
    parts = ("customer__user", "customer__tier", "product", "term__product", "account", "standing")
    rows = scope_of(request, LOOK).reached(Loan.objects.all(), BRANCH)
    row = rows.select_related(*parts).filter(number=number).first()
    if row is None:
        raise Http404
    refuse_own(request, row.application)
    return row
