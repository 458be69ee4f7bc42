"""Agreeing a loan anew: asked for, proposed by an officer, approved by a second person, offered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.businesses.models import Member
from accounts.notifications import operations as notifications
from accounts.staff import queries as staff
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.approvals.refusals import AlreadyWaiting, ReasonMissing
from ledger.calendar import queries as calendar
from ledger.controls import audit
from lending.applications.queries import persons_behind
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.products.quotes import ends_on
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.debts import Debt
from lending.restructures import plan as plans
from lending.restructures import queries
from lending.restructures.models import Restructure, RestructureTerm
from lending.restructures.plan import Plan
from lending.restructures.refusals import (
    AlreadyAsked,
    NoLonger,
    NotActive,
    NotOpen,
    NotThisLoan,
    OftenEnough,
    TooMany,
)
from lending.restructures.states import LIFECYCLE, RestructureState
from lending.schedules.instalments import Method
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.words import day as day_words

DEED, DECIDE = "lending.restructure", "loan.decide"
Kind, Term = Restructure.Kind, RestructureTerm.Kind


@dataclass(frozen=True, slots=True)
class Room:
    """What may be wished for of a loan today: instalments to put off, payments to choose."""

    most_put_off: int
    least_payments: int
    most_payments: int


def room_of(debt: Debt) -> Room:
    """
    This will tell what may be wished for of a loan (kenya.md 4.9).

    :raises NotActive: if nothing is owed any more.
    :raises NotThisLoan: if it is one charge for one day.
    :raises OftenEnough: if it was agreed anew as often as may be.
    """
    loan = debt.loan
    if not loan.is_active:
        raise NotActive
    if loan.term.method != Method.REDUCING:
        raise NotThisLoan
    terms = RestructureTerm.numbers_on(debt.on)
    if queries.times(loan) >= terms[Term.MOST_TIMES]:
        raise OftenEnough(most=terms[Term.MOST_TIMES])
    end = ends_on(loan.term, tenor=loan.tenor, start=loan.start_date)
    left = plans.left_of(debt)
    more = terms[Term.MOST_MORE_MONTHS]
    return Room(
        most_put_off=max(terms[Term.MOST_DEFERRED] - queries.put_off(loan, on=debt.on), 0),
        least_payments=left + 1,
        most_payments=max(plans.payments_until(debt, calendar.months_after(end, more)), left + 1),
    )


@deed
def ask(
    loan: Loan, *, kind: str, number: int, reason: str, at: datetime, actor: Actor
) -> Restructure:
    """
    This will keep a customer's wish to pay a loan otherwise, for an officer to propose on (BW29,
    BW43); the same wish asked twice is one. For a business a director asks.

    :raises NotYourRole: if it is a business's, which the actor does not direct.
    :raises NotActive: or NotThisLoan, OftenEnough, as `room_of`.
    :raises TooMany: or NoLonger, if the number is not within what may be wished for.
    :raises AlreadyAsked: if another wish about the loan is open.
    """
    check_directs(loan, actor=actor)
    row = repayments.locked(loan)
    known = queries.open_of(row)
    if known is not None and known.is_offered and at >= known.offer_until:
        LIFECYCLE.move(known, to=RestructureState.ENDED, updated_at=at)
    elif known is not None:
        if (known.kind, known.number) == (kind, number):
            return known
        raise AlreadyAsked(restructure=str(known.public_id))
    _check(debts.of(row, on=calendar.business_date()), kind=kind, number=number)
    wish = Restructure.objects.create(
        loan=row, kind=kind, number=number, reason=reason.strip(), asked_by=str(actor), asked_at=at
    )
    audit.record(actor=actor, deed="loan.restructure_asked", subject=wish, kind=kind, number=number)
    return wish


@deed
def withdraw(wish: Restructure, *, at: datetime, actor: Actor) -> Restructure:
    """
    This will give a wish up; given up before, it stays so. For a business a director does.

    :raises NotYourRole: if it is a business's, which the actor does not direct.
    :raises NotOpen: if it was signed, refused or ended.
    """
    row = locked(wish)
    check_directs(row.loan, actor=actor)
    if row.state == RestructureState.WITHDRAWN:
        return row
    if not row.is_open:
        raise NotOpen
    LIFECYCLE.move(row, to=RestructureState.WITHDRAWN, updated_at=at)
    audit.record(actor=actor, deed="loan.restructure_withdrawn", subject=row)
    return row


@deed
def propose(
    wish: Restructure, *, kind: str, number: int, why: str, at: datetime, actor: Actor
) -> Approval:
    """
    This will have a second person decide what an officer proposes on a wish, as asked or otherwise.

    :raises NotOpen: if it is not with the bank any more.
    :raises AlreadyWaiting: if a second person has it.
    :raises NotForYou: if the actor may not decide in the customer's branch.
    :raises TooMany: or NoLonger and the others of `room_of`.
    """
    row = _to_answer(wish, at=at, actor=actor)
    debt = debts.of(row.loan, on=calendar.business_date())
    _check(debt, kind=kind, number=number)
    found = plans.of(debt, kind=kind, number=number)
    loan, first = row.loan, found.after[0]
    now = debt.next_due
    return approvals.propose(
        deed=DEED,
        subject=row,
        payload={"restructure": row.pk, "kind": kind, "number": number},
        changes=[
            approvals.Change("Next payment", f"{debt.next_payment}", f"{first.total}"),
            approvals.Change("Due", day_words(now.date), day_words(first.due)),
            approvals.Change(
                "Last payment", day_words(debt.dues[-1].date), day_words(found.after[-1].due)
            ),
        ],
        impact=f"{loan.number} owes {debt.total}; {debt.days_late} days late; costs the customer "
        f"{found.costs_more} more interest. They wrote: {row.reason}",
        reason=why,
        actor=actor,
        at=at,
        amount=debt.principal.amount,
        branch=loan.customer.branch_id,
        about=persons_behind(loan.application),
    )


@inside_transaction
def offer(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> Restructure:
    """
    This will offer the customer what two persons agreed on: the approved deed
    `lending.restructure`, whose `payload` is {"restructure": id, "kind": text, "number": count}.

    :raises NotOpen: if the wish was given up or answered meanwhile.
    :raises TooMany: or NoLonger and the others of `room_of`, if the loan stands otherwise by now.
    """
    row = locked(Restructure(pk=payload["restructure"]))
    if not row.is_asked:
        raise NotOpen
    today = calendar.business_date()
    _check(debts.of(row.loan, on=today), kind=payload["kind"], number=payload["number"])
    until = at + timedelta(days=RestructureTerm.numbers_on(today)[Term.OFFER_DAYS])
    LIFECYCLE.move(
        row, to=RestructureState.OFFERED, kind=payload["kind"], number=payload["number"],
        approval_id=approval.pk, offer_until=until, answer=approval.reason, updated_at=at,
    )  # fmt: skip
    audit.record(actor=actor, deed="loan.restructure_offered", subject=row)
    _tell(row, is_offered=True)
    return row


@deed
def refuse(wish: Restructure, *, why: str, at: datetime, actor: Actor) -> Restructure:
    """
    This will refuse a wish, with the officer's reason, which the customer reads.

    :raises NotOpen: or AlreadyWaiting, NotForYou, as `propose`; ReasonMissing without a reason.
    """
    row = _to_answer(wish, at=at, actor=actor)
    if not why.strip():
        raise ReasonMissing
    LIFECYCLE.move(row, to=RestructureState.REFUSED, answer=why.strip(), updated_at=at)
    audit.record(actor=actor, deed="loan.restructure_refused", subject=row)
    _tell(row, is_offered=False)
    return row


def plan_of(wish: Restructure) -> Plan:
    """This will give what a wish comes to if it is signed on the open date."""
    debt = debts.of(wish.loan, on=calendar.business_date())
    return plans.of(debt, kind=wish.kind, number=wish.number)


@inside_transaction
def locked(wish: Restructure) -> Restructure:
    """This will give a wish as it is now, locked until the transaction ends."""
    parts = ("loan__customer__user", "loan__business", "loan__term__product", "loan__account")
    rows = Restructure.objects.select_for_update(of=("self",)).select_related(*parts)
    return rows.get(pk=wish.pk)


@inside_transaction
def _to_answer(wish: Restructure, *, at: datetime, actor: Actor) -> Restructure:
    """The wish, locked, if this person may answer it."""
    row = locked(wish)
    staff.check_may(actor, DECIDE, at=at, branch=row.loan.customer.branch_id)
    if not row.is_asked:
        raise NotOpen
    if approval_queries.waiting_for(row, DEED).exists():
        raise AlreadyWaiting
    return row


def check_directs(loan: Loan, *, actor: Actor) -> None:
    """
    This will let pass who may ask to pay a loan otherwise, or give that up: of a business's, its
    directors.

    :raises NoSuchBusiness: or NotYourRole, to the others.
    """
    member = loans.member_of(actor, loan)
    if member is not None:
        member.must(Member.Role.DIRECTOR)


def _check(debt: Debt, *, kind: str, number: int) -> None:
    room = room_of(debt)
    if kind == Kind.DEFER:
        if not 1 <= number <= room.most_put_off:
            raise TooMany(most=room.most_put_off)
    elif not room.least_payments <= number <= room.most_payments:
        raise NoLonger(least=room.least_payments, most=room.most_payments)


def _tell(row: Restructure, *, is_offered: bool) -> None:
    context = {"number": row.loan.number, "is_offered": is_offered, "until": row.offer_until}
    asker = queries.asker_of(row)
    notifications.queue(user=asker.user, channel="SMS", kind="loan_restructure", context=context)
