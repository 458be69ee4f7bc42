"""Payments on loans that are put right: an officer asks here, the workbench has it decided."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.deposits import queries as deposit_queries
from branch.credit.loan_views import LOOK, loan_of
from branch.workbench import doors
from branch.workbench.doors import needs
from ledger.calendar import queries as calendar
from ledger.money_field import MoneyField
from lending.repayments import operations as repayments
from lending.repayments import queries as payments
from lending.replays import operations as replays
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

ASK = "loan.ask_replay"


class _Reason(forms.Form):
    reason = forms.CharField(
        label="Why?", help_text="The second person reads it.", max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class TakeBack(_Reason):
    """Why a payment should not be on its loan."""


class PayEarlier(_Reason):
    """What was received, and when."""

    amount = MoneyField(label="How much was received?")
    day = forms.DateField(
        label="On which day?", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["amount", "day", "reason"]


@needs(LOOK)
def payment(request, number: str, receipt_no: str):
    """One payment and what it paid; on POST an officer asks to take it back."""
    loan = loan_of(request, number)
    if shut := doors.shut(request, loan.customer, purpose="CONTROL"):
        return shut
    row = next((one for one in payments.of(loan) if one.receipt_no == receipt_no), None)
    if row is None:
        raise Http404
    form = TakeBack(request.POST or None)
    may_replay = _may(request, loan)
    if form.is_valid():
        try:
            facts = {"reason": form.cleaned_data["reason"], "at": timezone.now()}
            asked = replays.ask_reversal(row, actor=request.actor, **facts)
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "loan": loan,
        "payment": row,
        "form": form,
        "may_replay": may_replay,
        "later": len(payments.standing_from(row)) - 1,
    }
    return doors.page(request, "payment", facts, room="credit", status=422 if form.errors else 200)


@needs(ASK)
def earlier(request, number: str):
    """Money that was received on an earlier day; on POST an officer asks to pay it as of then."""
    loan = loan_of(request, number)
    if shut := doors.shut(request, loan.customer, purpose="CONTROL"):
        return shut
    if loan.is_off_books or not _may(request, loan):
        raise PermissionDenied
    form = PayEarlier(request.POST or None)
    if form.is_valid():
        try:
            said = form.cleaned_data
            asked = replays.ask_earlier(
                loan, money=said["amount"], day=said["day"], reason=said["reason"],
                actor=request.actor, at=timezone.now(),
            )  # fmt: skip
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    first, why = replays.first_day(loan)
    facts = {
        "loan": loan,
        "form": form,
        "debt": repayments.owed_of(loan, on=calendar.business_date()),
        "holding": deposit_queries.standing_of(loan.account),
        "first": first,
        "why": why,
    }
    return doors.page(request, "earlier", facts, room="credit", status=422 if form.errors else 200)


def _may(request, loan) -> bool:
    """Whoever may look at a loan and not ask is refused on POST."""
    may = holds(request, ASK, branch=loan.customer.branch_id)
    if request.method == "POST" and not may:
        raise PermissionDenied
    return may
