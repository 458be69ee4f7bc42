"""A loan as its customer sees it, and paying on it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import drafts
from accounts.deposits import queries as deposit_queries
from ledger.calendar import queries as calendar
from lending.loans import queries as loans
from lending.loans.queries import NoSuchLoan
from lending.products import words
from lending.repayments import debts, forms, operations, queries, sheets
from lending.repayments.refusals import LoanPaid, MoreThanOwed, NotEnoughInAccount
from lending.schedules.instalments import Method
from wekeza.kit import papers
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@login_required
@require_GET
def loan(request, public_id: UUID):
    """What is owed and when, its schedule, and what every payment paid."""
    row = _loan_of(request, public_id)
    payments = queries.of(row)
    debt = operations.owed_of(row, on=calendar.business_date())
    facts = {
        "loan": row,
        "debt": debt,
        "payments": payments,
        "paid": queries.sum_of(payments),
        "late": words.late(row.term),
        "time": words.time(row.tenor, row.term),
        "may_change": row.is_active and row.term.method == Method.REDUCING,
        "forms": ("pdf", "xlsx", "csv"),
        "may_repay": _may_repay(request, row),
    }
    return render(request, "lending/repayments/loan.html", facts)


@drafts.offered
@login_required
def pay(request, public_id: UUID):
    """All or another amount; on POST it is paid from the loan's account, once for each form."""
    row = _loan_of(request, public_id)
    if not _may_repay(request, row):
        raise PermissionDenied
    debt = operations.owed_of(row, on=calendar.business_date())
    form = forms.Pay(
        request.POST or None, initial=dict(request.draft), owed=debt.total,
        proposed=debt.total if "all" in request.GET else debt.next_payment,
    )  # fmt: skip
    if form.is_valid():
        try:
            payment = operations.repay(
                row, money=form.cleaned_data["amount"],
                reference=str(form.cleaned_data["reference"]), at=timezone.now(),
                actor=request.actor,
            )  # fmt: skip
            return to_page(request, "lending:repayments:paid", row.public_id, payment.receipt_no)
        except (NotEnoughInAccount, MoreThanOwed) as refusal:
            form.add_error("amount", str(refusal))
        except LoanPaid:
            return to_page(request, "lending:repayments:loan", row.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    elif not row.is_owed:
        return to_page(request, "lending:repayments:loan", row.public_id)
    facts = {
        "form": form,
        "loan": row,
        "debt": debt,
        "order": row.is_active and queries.order_of(row, on=debt.on, performs=debt.performs),
        "late": words.late(row.term),
        "holding": deposit_queries.standing_of(row.account),
    }
    status = 422 if form.errors else 200
    return render(request, "lending/repayments/pay.html", facts, status=status)


@login_required
@require_GET
def paid(request, public_id: UUID, receipt_no: str):
    """The receipt of a payment, with what each shilling of it paid."""
    row = _loan_of(request, public_id)
    payment = next((one for one in queries.of(row) if one.receipt_no == receipt_no), None)
    if payment is None:
        raise Http404
    facts = {
        "loan": row,
        "payment": payment,
    }
    return render(request, "lending/repayments/paid.html", facts)


@login_required
@require_GET
def statement(request, public_id: UUID, form: str):
    """The loan's payments and schedule as a PDF, an Excel file or CSV."""
    row = _loan_of(request, public_id)
    if form.upper() not in papers.KINDS:
        raise Http404
    debt = debts.of(row, on=calendar.business_date())
    content = sheets.content_of(debt, form=form.upper(), at=timezone.now())
    return papers.answer(content, form=form.upper(), name=f"{row.number}.{form.lower()}")


def _may_repay(request, row) -> bool:
    return row.business_id is None or request.member.may_repay


def _loan_of(request, public_id: UUID):
    try:
        row = loans.one_seen_by(request.actor, public_id=public_id)
    except NoSuchLoan as refusal:
        raise Http404 from refusal
    if row.business_id:  # Around the page stand the tabs of that business.
        request.member = loans.member_of(request.actor, row)
    return row
