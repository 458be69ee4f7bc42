"""Taking promises to pay, and keeping or breaking them by what was really paid."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import Money
from ledger.refusals import ReferenceReused
from lending.applications.queries import whose
from lending.collections import access, queries
from lending.collections.models import CollectionTerm, LoanPromise, PromisePart
from lending.collections.refusals import (
    AlreadyPromised,
    NotLate,
    NotSuchADay,
    PromiseTooLarge,
    PromiseTooSmall,
    TooManyParts,
    TooManyPromises,
)
from lending.collections.states import PROMISES, PromiseState
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.repayments import debts
from lending.repayments.debts import Debt
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.words import day as day_words

Kind = CollectionTerm.Kind


@deed
def make(
    loan: Loan,
    *,
    money: Money,
    first: date,
    parts: int = 1,
    reference: str,
    at: datetime,
    actor: Actor,
) -> LoanPromise:
    """
    This will keep that a customer, or an officer for them, promises to pay `money`, in KES, of a
    late loan by the day `first`, or in several parts of which the others follow a span of days
    apart. For a business those promise who may pay its loan back: they sign or direct. Asked again
    by the same reference it gives the first one.

    :raises NotLate: if nothing of the loan is overdue.
    :raises PromiseTooSmall: or PromiseTooLarge, if it does not fit what is overdue.
    :raises NotSuchADay: if the first day is past, or too far off; TooManyParts, if there are.
    :raises AlreadyPromised: if a promise on this loan is open.
    :raises TooManyPromises: if the customer or business has as many on all their loans as may be.
    :raises ReferenceReused: if the reference stands for another promise.
    :raises NoSuchBusiness: or NotYourRole, to others of a business.
    :raises NotForYou: or OwnLoan, if an officer may not do it for this customer.
    """
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(
        pk=loan.customer_id
    )
    _check_may(loan, customer, at=at, actor=actor)
    if known := loan.promises.filter(reference=reference).first():
        if known.money != money or known.parts.get(number=1).due != first:
            raise ReferenceReused(reference=reference)
        return known
    today = calendar.business_date()
    debt, terms = debts.of(loan, on=today), CollectionTerm.numbers_on(today)
    _check_amount(money, debt, terms)
    _check_days(first, parts, today=today, terms=terms)
    _check_none_open(loan, terms)

    row = LoanPromise.objects.create(
        loan=loan, reference=reference, amount=money.amount, overdue=debt.asked_by_now.amount,
        made_by=str(actor), made_at=at,
    )  # fmt: skip
    _keep_parts(row, first=first, parts=parts, gap=timedelta(days=terms[Kind.PLAN_DAYS]))
    audit.record(
        actor=actor, deed="loan.promised", subject=loan, money=money, first=first, parts=parts
    )
    tell(row, "MADE")
    return row


@inside_transaction
def judge(*, day: date, first: int, last: int, late: Collection[int], at: datetime) -> int:
    """
    This will keep or break, at the close of `day`, the open promises on loans with an id from
    `first` to `last`, and give how many. One is kept once all of it is paid, or nothing of the loan
    is overdue any more (`late` are those of which something is); it is broken by the first date
    that passed with less than was promised by then.
    """
    rows = LoanPromise.objects.filter(state=PromiseState.OPEN, loan__pk__range=(first, last))
    judged = 0
    for row in (
        rows.order_by("pk").select_related("loan").prefetch_related("parts", "loan__repayments")
    ):
        is_late = row.loan_id in late or row.loan.is_off_books  # Written off is not paid.
        state = _verdict(row, day=day, is_late=is_late)
        if state is not None:
            PROMISES.move(row, to=state, judged_date=day, updated_at=at)
            judged += 1
    return judged


@inside_transaction
def tell(row: LoanPromise, kind: str) -> None:
    """This will text a customer that they promised (MADE), or did not pay all of it (BROKEN)."""
    parts = list(row.parts.order_by("number"))
    missed = missed_part(row) or parts[-1]
    context = {
        "kind": kind,
        "number": row.loan.number,
        "money": str(row.money),
        "parts": len(parts),
        "first": str(parts[0].money),
        "day": parts[0].due if kind == "MADE" else missed.due,
    }
    user = row.loan.customer.user
    notifications.queue(user=user, channel="SMS", kind="loan_promise", context=context)


def missed_part(row: LoanPromise) -> PromisePart | None:
    """This will give the first date of a promise by which less was paid than was promised."""
    owed = Decimal(0)
    for part in sorted(row.parts.all(), key=lambda one: one.number):
        owed += part.amount
        if queries.paid_on(row, until=part.due) < owed:
            return part
    return None


def _check_may(loan: Loan, customer: Customer, *, at: datetime, actor: Actor) -> None:
    if loan.business_id and actor.customer_id:
        loans.check_may_repay(actor, loan)
    elif actor.customer_id != customer.pk:
        access.check_may_work(actor, about=loan, at=at)


def _keep_parts(row: LoanPromise, *, first: date, parts: int, gap: timedelta) -> None:
    PromisePart.objects.bulk_create(
        PromisePart(promise=row, number=number, due=first + gap * (number - 1), amount=part.amount)
        for number, part in enumerate(row.money.split(parts), 1)
    )


def _verdict(row: LoanPromise, *, day: date, is_late: bool) -> PromiseState | None:
    missed = missed_part(row)
    if missed is None or not is_late:
        return PromiseState.KEPT
    return PromiseState.BROKEN if missed.due <= day else None


def _check_amount(money: Money, debt: Debt, terms) -> None:
    if not (debt.loan.is_active and debt.is_late):
        raise NotLate
    overdue = debt.asked_by_now
    if money > overdue:
        raise PromiseTooLarge(overdue=overdue)
    least = queries.least_of(overdue, terms)
    if money < least:
        raise PromiseTooSmall(least=least, overdue=overdue)


def _check_days(first: date, parts: int, *, today: date, terms) -> None:
    if not 1 <= parts <= terms[Kind.PLAN_PARTS]:
        raise TooManyParts(most=terms[Kind.PLAN_PARTS])
    last = today + timedelta(days=terms[Kind.PROMISE_DAYS])
    if not today <= first <= last:
        raise NotSuchADay(first=day_words(today), last=day_words(last))


def _check_none_open(loan: Loan, terms) -> None:
    theirs = {f"loan__{name}": value for name, value in whose(loan.party).items()}
    open_ones = LoanPromise.objects.filter(**theirs, state=PromiseState.OPEN)
    if standing := open_ones.filter(loan=loan).first():
        raise AlreadyPromised(money=standing.money, day=day_words(queries.ends(standing)))
    if open_ones.count() >= terms[Kind.PROMISES_OPEN]:
        raise TooManyPromises(most=terms[Kind.PROMISES_OPEN])
