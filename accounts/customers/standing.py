"""
Whether a customer may use the account. As far as screening goes: asked when they come and when
lists change; held while somebody looks; suspended when they are who is on the list. And staff may
suspend somebody at once; letting them go on takes two.

Nothing here tells a customer why. Held and suspended read the same on every page: "We are checking
your details" (no tipping-off, kenya.md 7.3).
"""

from datetime import datetime

from django.db import transaction

from accounts.customers import queries
from accounts.customers.models import Customer
from accounts.customers.refusals import AlreadyStopped, MatchStands, NotSuspended, ReasonMissing
from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.screening import operations as screening
from accounts.screening import queries as screening_queries
from accounts.screening import rescreening
from accounts.screening.models import ListVersion
from accounts.staff import queries as staff_queries
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.controls import audit
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import inside_transaction

SUSPENDED = "Customer suspended"  # The reason on accounts; only freezes of this one are undone.
Status = Customer.Status


@transaction.atomic
def screen(customer: Customer, *, cause: str, at: datetime, actor: Actor) -> None:
    """
    This will compare a customer with the lists, at onboarding (cause ONBOARDING) and after every
    change of name, ID or date of birth (CHANGE), and hold them at once if a strong match waits.
    """
    subject = queries.screening_subject(customer)
    screening.screen(subject, cause=cause, at=at, actor=actor)
    _follow(customer.pk, actor=actor)
    customer.refresh_from_db(fields=["status"])


@transaction.atomic
def screen_changes(*, first: int, last: int, version: int, at: datetime) -> None:
    """This will compare the customers of a range of ids with what a version of a list brought."""
    customers = Customer.objects.filter(pk__range=(first, last)).exclude(status=Status.CLOSED)
    screening.screen_changes(
        map(queries.screening_subject, customers.order_by("pk")),
        version=ListVersion.objects.get(pk=version),
        at=at,
        actor=SYSTEM,
    )
    rescreening.finish(version=version, room="customers", first=first, last=last, at=at)


@transaction.atomic
def follow_screening(*, owner_ref: str, **_) -> None:
    """
    This will hold, suspend or let go a customer as their cases now stand; told after every case
    that was opened, cleared or confirmed. Told twice, or late, it does nothing more.
    """
    kind, _, pk = owner_ref.partition(":")
    if kind == "customer":
        _follow(int(pk), actor=SYSTEM)


@transaction.atomic
def suspend(customer: Customer, *, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will stop a customer and every account of theirs at once. Why is kept for staff only.

    :raises NotForYou: if the actor may not stop customers of this branch.
    :raises ReasonMissing: if it is not said why.
    :raises AlreadyStopped: if they are suspended already, or no customer any more.
    """
    staff_queries.check_may(actor, "customer.suspend", at=at, branch=customer.branch_id)
    if not reason.strip():
        raise ReasonMissing
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if row.status not in (Status.ACTIVE, Status.CHECKING):
        raise AlreadyStopped(state=row.get_status_display())

    _suspend(row, actor=actor)
    audit.record(actor=actor, deed="customer.suspended", subject=row, reason=reason.strip())
    customer.refresh_from_db(fields=["status"])


def ask_lift(customer: Customer, *, reason: str, at: datetime, actor: Actor) -> Approval:
    """
    This will ask a second person to let a suspended customer go on.

    :raises NotSuspended: if they are not suspended.
    :raises MatchStands: if a match that two persons confirmed was not cleared by two since.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    after = _after_suspension(customer)
    return approvals.propose(
        deed="customers.lift",
        subject=customer,
        payload={"customer": customer.pk},
        changes=[approvals.Change("State", str(Status.SUSPENDED.label), str(Status(after).label))],
        impact="Accounts that this suspension stopped pay and receive again",
        reason=reason,
        branch=customer.branch_id,
        about=[customer.actor.person],
        actor=actor,
        at=at,
    )


@transaction.atomic
def lift_suspension(*, payload: dict, approval, actor: Actor, at: datetime) -> Customer:
    """
    This will let a suspended customer use their accounts again, by a second person: the deed
    `customers.lift`, whose `payload` is {"customer": id}. Accounts that were stopped for
    another reason stay so.

    :raises NotSuspended: if they are not suspended.
    :raises MatchStands: if a match that two persons confirmed was not cleared by two since.
    """
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=payload["customer"])
    _move(customer, _after_suspension(customer), actor=actor)
    for account in _open_accounts(customer):
        if account.ledger_account.freeze_reason == SUSPENDED:
            deposits.unfreeze(account, reason="Suspension lifted", actor=actor)
    return customer


def _after_suspension(customer: Customer) -> str:
    if customer.status != Status.SUSPENDED:
        raise NotSuspended
    standing = screening_queries.standing_of(customer.owner_ref)
    if standing.is_confirmed:
        raise MatchStands
    return Status.CHECKING if standing.is_held else Status.ACTIVE


@inside_transaction
def _follow(pk: int, *, actor: Actor) -> None:
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=pk)
    standing = screening_queries.standing_of(customer.owner_ref)
    now = customer.status
    if standing.is_confirmed and now in (Status.ACTIVE, Status.CHECKING):
        _suspend(customer, actor=actor)
    elif standing.is_held and now == Status.ACTIVE:
        _move(customer, Status.CHECKING, actor=actor)
    elif now == Status.CHECKING and not standing.is_held:
        _move(customer, Status.ACTIVE, actor=actor)


def _suspend(customer: Customer, *, actor: Actor) -> None:
    _move(customer, Status.SUSPENDED, actor=actor)
    for account in _open_accounts(customer):
        now = deposit_queries.standing_of(account)
        is_stopped = not (now.takes_debits and now.takes_credits)
        # One that is stopped for another reason keeps it, and stays so when this ends.
        reason = account.ledger_account.freeze_reason if is_stopped else SUSPENDED
        deposits.freeze(account, reason=reason, actor=actor)


def _move(customer: Customer, status: str, *, actor: Actor) -> None:
    before, customer.status = customer.status, status
    customer.save(update_fields=["status", "updated_at"])
    audit.record(actor=actor, deed="customer.status_changed", subject=customer, before=before,
                 after=status)  # fmt: skip


def _open_accounts(customer: Customer):
    accounts = customer.deposit_accounts.filter(closed_date=None)
    return accounts.select_related("ledger_account").order_by("pk")
