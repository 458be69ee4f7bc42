"""Help for a customer or business that is late with a loan."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from ledger.calendar import queries as calendar
from lending.collections import costs, forms, promises, queries
from lending.collections.models import CollectionTerm
from lending.collections.refusals import (
    NotSuchADay,
    PromiseTooLarge,
    PromiseTooSmall,
    TooManyParts,
)
from lending.loans import queries as loans
from lending.loans.queries import NoSuchLoan
from lending.products import words
from lending.repayments import debts
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

# The box beside which a refusal is said.
BOXES = {
    PromiseTooLarge: "money",
    PromiseTooSmall: "money",
    NotSuchADay: "first",
    TooManyParts: "parts",
}


@login_required
def help(request, public_id: UUID):
    """What is overdue, what that costs and what comes next; on POST a promise to pay is kept."""
    try:
        loan = loans.one_seen_by(request.actor, public_id=public_id)
    except NoSuchLoan as refusal:
        raise Http404 from refusal
    if loan.business_id:  # Around the page stand the tabs of that business.
        request.member = loans.member_of(request.actor, loan)
    if loan.business_id and not request.member.may_repay:
        raise PermissionDenied
    if loan.is_off_books:
        return to_page(request, "lending:repayments:loan", loan.public_id)
    today = calendar.business_date()
    debt = debts.of(loan, on=today)
    form = forms.Promise(
        request.POST or None, overdue=debt.asked_by_now, today=today,
        terms=CollectionTerm.numbers_on(today),
    )  # fmt: skip
    if form.is_valid():
        facts = form.cleaned_data
        try:
            promises.make(
                loan, **facts | {"reference": str(facts["reference"])}, at=timezone.now(),
                actor=request.actor,
            )  # fmt: skip
            return to_page(request, "lending:collections:help", loan.public_id)
        except Refusal as refusal:
            form.add_error(BOXES.get(type(refusal)), str(refusal))
    facts = {
        "loan": loan,
        "debt": debt,
        "late": words.late(loan.term),
        "a_day": costs.of_a_day(debt),
        "next": queries.next_step(debt) if debt.is_late else None,
        "promises": queries.promises_on(loan),
        "open": queries.open_promise_of(loan),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "lending/collections/help.html", facts, status=status)
