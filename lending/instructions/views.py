"""That a loan is paid by itself: setting it up, what came of it, changing and ending it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import drafts
from ledger.calendar import queries as calendar
from lending.instructions import forms, operations, queries, words
from lending.loans import queries as loans
from lending.loans.queries import NoSuchLoan
from lending.repayments import operations as repayments
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.words import day as day_words


@drafts.offered
@login_required
def instruction(request, public_id: UUID):
    """What pays the loan and what came of it; on POST it is set up, changed or ended."""
    loan, at = _loan_of(request, public_id), timezone.now()
    if not loan.is_owed:
        return to_page(request, "lending:repayments:loan", loan.public_id)
    if request.method == "POST" and "end" in request.POST:
        return _end(request, loan, at=at)
    known = queries.active_of(loan)
    debt = repayments.owed_of(loan, on=calendar.business_date())
    form = forms.Instruct(
        request.POST or None, initial=dict(request.draft), known=known, debt=debt,
        holdings=queries.accounts_for(request.actor, loan),
    )  # fmt: skip
    if form.is_valid():
        try:
            row = operations.set_up(loan, **form.facts, at=at, actor=request.actor)
            first = queries.next_day(row, after=calendar.nairobi_date(at))
            said = _("Set up. The first payment is on {day}.").format(day=day_words(first))
            messages.success(request, said)
            return to_page(request, "lending:instructions:instruction", loan.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    today = calendar.nairobi_date(at)
    facts = {
        "loan": loan,
        "debt": debt,
        "known": known,
        "form": form,
        "may_change": loan.business_id is None or request.member.may_repay,
        "runs": queries.runs_on(loan),
    }
    if known is not None:
        facts |= {
            "what": words.what(known),
            "when": words.when(known.every, known.day),
            "next": queries.next_day(known, after=today),
        }
    status = 422 if form.errors else 200
    return render(request, "lending/instructions/instruction.html", facts, status=status)


def _end(request, loan, *, at):
    try:
        operations.end(loan, at=at, actor=request.actor)
        messages.success(request, _("Ended. Nothing is paid by itself any more."))
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return to_page(request, "lending:repayments:loan", loan.public_id)


def _loan_of(request, public_id: UUID):
    try:
        row = loans.one_seen_by(request.actor, public_id=public_id)
    except NoSuchLoan as refusal:
        raise Http404 from refusal
    if row.business_id:  # Around the page stand the tabs of that business.
        request.member = loans.member_of(request.actor, row)
    return row
