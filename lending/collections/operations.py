"""What officers do about late loans: taking one in hand, and keeping that its customer was told."""

from datetime import datetime

from accounts.customers.models import Customer
from accounts.documents.models import Document
from accounts.staff import queries as staff
from accounts.staff.models import StaffMember
from ledger.calendar import queries as calendar
from ledger.controls import audit
from lending.applications.queries import persons_behind
from lending.collections import access, queries
from lending.collections.models import Act, CaseStep, CollectionCase, CollectionContact
from lending.collections.refusals import (
    CaseOver,
    ContactedEnough,
    HeldByPromise,
    InOtherHands,
    NotForThem,
    OutsideOfHours,
    StepNotDone,
)
from lending.collections.states import StepState
from lending.reminders import hours
from lending.repayments import debts
from lending.repayments.debts import Debt
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.words import clock
from wekeza.kit.words import day as day_words

Channel = CollectionContact.Channel

# By what a step of the calendar is done; the bank does the first one itself.
DONE_BY = {
    Act.TEXT: {Channel.TEXT},
    Act.CALL: {Channel.CALL, Channel.VISIT},
    Act.LETTER: {Channel.LETTER},
    Act.NOTICE: {Channel.LETTER},
    Act.DEMAND: {Channel.LETTER},
    Act.RECOVERY: {Channel.CALL, Channel.VISIT, Channel.LETTER},
}


@deed
def take(case: CollectionCase, *, actor: Actor, at: datetime) -> CollectionCase:
    """
    This will put a case into the actor's hands; in theirs already, it stays there.

    :raises InOtherHands: if a colleague has it.
    :raises CaseOver: if the loan is late no more.
    :raises NotForYou: or OwnLoan, if it is not theirs to do.
    """
    row = _locked(case, actor=actor, at=at)
    if row.taken_by == str(actor):
        return row
    if row.taken_by:
        [name] = staff.names_of([row.taken_by]).values()
        raise InOtherHands(by=name)
    return _hand(row, to=str(actor), actor=actor, at=at)


@deed
def assign(case: CollectionCase, *, to: StaffMember, actor: Actor, at: datetime) -> CollectionCase:
    """
    This will put a case into a colleague's hands, whoever had it.

    :raises NotForThem: if they do not collect in the customer's branch, or it is their own loan.
    :raises CaseOver: if the loan is late no more.
    :raises NotForYou: or OwnLoan, if it is not the actor's to do.
    """
    row = _locked(case, actor=actor, at=at)
    branch = row.loan.customer.branch_id
    is_own = to.person in persons_behind(row.loan.application)
    if is_own or not staff.permits(to.user, access.WORK, at=at, branch=branch):
        raise NotForThem(name=to.full_name)
    theirs = f"STAFF:{to.user_id}"
    return row if row.taken_by == theirs else _hand(row, to=theirs, actor=actor, at=at)


@deed
def contact(
    case: CollectionCase,
    *,
    channel: str,
    outcome: str,
    note: str,
    step: str = "",
    actor: Actor,
    at: datetime,
) -> CollectionContact:
    """
    This will keep that the actor contacted a late customer just now, and, if `step` names one, that
    this did a step of the calendar.

    :raises OutsideOfHours: if it is not a lawful hour in Nairobi.
    :raises ContactedEnough: if the customer was contacted as often today as may be.
    :raises HeldByPromise: if they promised to pay and the day is not over; letters may go.
    :raises StepNotDone: if the step does not wait, or is not done in this way.
    :raises CaseOver: if the loan is late no more, or its arrears were just paid.
    :raises NotForYou: or OwnLoan, if it is not theirs to do.
    """
    row, _debt = reached(case, channel=channel, actor=actor, at=at)
    return keep(row, channel=channel, outcome=outcome, note=note, step=step, actor=actor, at=at)


@inside_transaction
def reached(
    case: CollectionCase, *, channel: str, actor: Actor, at: datetime
) -> tuple[CollectionCase, Debt]:
    """
    This will give a case, locked, and its debt, if its customer may be contacted in this way now.

    :raises OutsideOfHours: and the others of `contact` but StepNotDone.
    """
    # Whoever contacts a customer holds their row, so that contacts are counted one by one.
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(
        pk=case.loan.customer_id
    )
    row = _locked(case, actor=actor, at=at)
    _check_lawful(customer, at=at)
    debt = debts.of(row.loan, on=calendar.business_date())
    if not (row.loan.is_active and debt.is_late):
        raise CaseOver
    promise = queries.open_promise_of(row.loan)
    if promise is not None and channel != Channel.LETTER:
        raise HeldByPromise(money=promise.money, day=day_words(queries.ends(promise)))
    return row, debt


@inside_transaction
def keep(
    row: CollectionCase, *, channel: str, outcome: str, note: str, step: str, actor: Actor,
    at: datetime, letter: Document | None = None,
) -> CollectionContact:  # fmt: skip
    """
    This will keep a contact about a case that `reached` gave, and end the step that it did.

    :raises StepNotDone: if the step does not wait, or is not done in this way.
    """
    done = step_done(row, code=step, channel=channel)

    kept = CollectionContact.objects.create(
        case=row, customer=row.loan.customer, step=done, channel=channel, outcome=outcome,
        note=note.strip(), made_by=str(actor), contacted_at=at, day=calendar.nairobi_date(at),
        letter=letter,
    )  # fmt: skip
    if done is not None:
        done.state, done.ended_at = StepState.DONE, at
        done.save(update_fields=["state", "ended_at", "updated_at"])
    audit.record(
        actor=actor, deed="collections.contacted", subject=row, channel=channel, outcome=outcome
    )
    return kept


def _check_lawful(customer: Customer, *, at: datetime) -> None:
    lawful = hours.lawful_at(at)
    if not lawful.has(at):
        raise OutsideOfHours(first=lawful.first, end=lawful.end, now=clock(at))
    if queries.contacted_enough(customer, at=at):
        raise ContactedEnough(most=queries.most_contacts(at=at))


def step_done(row: CollectionCase, *, code: str, channel: str) -> CaseStep | None:
    """
    This will give the step of a case that a contact does; None where it names none.

    :raises StepNotDone: if the step does not wait, or is not done in this way.
    """
    if not code:
        return None
    found = row.steps.filter(code=code, state=StepState.WAITING).first()
    if found is None or channel not in DONE_BY[Act(code)]:
        raise StepNotDone(channel=Channel(channel).label.lower(), step=Act(code).label)
    return found


def _hand(row: CollectionCase, *, to: str, actor: Actor, at: datetime) -> CollectionCase:
    row.taken_by, row.taken_at = to, at
    row.save(update_fields=["taken_by", "taken_at", "updated_at"])
    audit.record(actor=actor, deed="collections.taken", subject=row, by=to)
    return row


@inside_transaction
def _locked(case: CollectionCase, *, actor: Actor, at: datetime) -> CollectionCase:
    rows = CollectionCase.objects.select_for_update(of=("self",))
    parts = ("loan__customer__user", "loan__account", "loan__business")
    row = rows.select_related(*parts).get(pk=case.pk)
    access.check_may_work(actor, about=row.loan, at=at)
    if not row.is_open:
        raise CaseOver
    return row
