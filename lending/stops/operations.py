"""
Stopping lending at once, and letting it go on by two persons.

How whoever lends asks, so that nothing is lent past a stop and no blocked attempt is lost:

    @stops.noting_stopped()         # outside: keeps the attempt after the deed was undone
    @deed                           # the transaction that lends
    def disburse(loan, *, at, actor):
        stops.check(loan.product, what=What.DISBURSEMENT, customer=loan.customer,
                    amount=loan.money, at=at, actor=actor)     # inside: first of all
        ...

`check` refuses to run without the two around it, so neither can be forgotten. A door may use
`with stops.noting_stopped():` around the call instead. A repayment never asks.

The race. `check` shares a lock until its transaction ends. `stop` keeps the stop first, so that
whoever asks from then on is refused, and then waits for the lock alone: for those who had asked
before. Once `stop` has returned, nobody who was let through is still at it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.customers.models import Customer
from accounts.staff import queries as staff
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.controls import audit
from ledger.money import Money
from lending.products.models import LoanProduct
from lending.stops import queries
from lending.stops.models import LEAST_REASON, LendingStop, Scope, StoppedAttempt
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.errors import Refusal

DEED = "lending.lift_stop"
LOCK = 5213700000000031  # Whoever lends shares it; whoever stops takes it alone.
# More than a connection may idle inside a transaction (10 s), less than a statement may take.
PATIENCE = "15s"
TIMED_OUT = "55P03"

_is_noting: ContextVar[bool] = ContextVar("lending_stops_are_noted", default=False)


class LendingStopped(Refusal):
    """
    Facts: scope, of the stop that binds it. `attempt` is what was wanted; it goes to staff alone.
    """

    code = "lending_stopped"
    status = 503
    text = _(
        "We are not giving new loans right now. Nothing was taken. You can still repay. "
        "Try again later."
    )
    of_some = _(
        "We are not giving this loan right now. Nothing was taken. You can still repay. "
        "Try again later."
    )
    example = {"scope": "ALL"}

    def __init__(self, *, attempt: StoppedAttempt, scope: str):
        super().__init__(scope=scope)
        self.attempt = attempt
        if scope != Scope.ALL:
            self.text = self.of_some


class WhyStop(Refusal):
    code = "why_stop"
    status = 422
    text = "Say what is wrong, in a sentence. Whoever decides about lifting it reads that."


class StopLifted(Refusal):
    code = "stop_lifted"
    status = 409
    text = "This stop is lifted already. Nothing was changed."


class StillEnding(Refusal):
    code = "still_ending"
    status = 503
    text = (
        "Lending is stopped. A loan that had begun before has not ended yet: look at the newest "
        "loans in a minute."
    )


def stop(
    *,
    scope: str,
    reason: str,
    actor: Actor,
    at: datetime,
    product: LoanProduct | None = None,
    segment: str = "",
) -> LendingStop:
    """
    This will stop every new loan, those of a segment, or those of a product, at once, and wait for
    loans that were begun before. What is stopped already stays as it is and is given.

    :raises NotForYou: if the actor may not stop lending.
    :raises WhyStop: without a reason that tells something.
    :raises StillEnding: if it is stopped, but a loan begun before had not ended after 15 seconds.
    """
    row = _keep(scope=scope, product=product, segment=segment, reason=reason, actor=actor, at=at)
    _let_those_before_end()
    return row


def ask_lift(stop: LendingStop, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to let lending go on.

    :raises StopLifted: if it goes on already.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    if not LendingStop.objects.open().filter(pk=stop.pk).exists():
        raise StopLifted
    return approvals.propose(
        deed=DEED,
        subject=stop,
        payload={"stop": stop.pk},
        changes=[approvals.Change(stop.name, f"Stopped: {stop.reason}", "New loans are given")],
        impact=f"Loans that this stop has blocked so far: {stop.attempts.count()}",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def lift(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> LendingStop:
    """
    This will let lending go on as far as this stop bound it, by a second person: the approved deed
    `lending.lift_stop`, whose `payload` is {"stop": id}. Other stops bind on.

    :raises StopLifted: if it goes on already.
    """
    row = LendingStop.objects.select_for_update(of=("self",)).get(pk=payload["stop"])
    if not row.is_open:
        raise StopLifted

    row.lifted_at, row.lifted_by, row.approval = at, str(actor), approval
    row.save(update_fields=["lifted_at", "lifted_by", "approval", "updated_at"])
    audit.record(
        actor=actor, deed="lending.stop_lifted", subject=row, what=row.name,
        asked_by=approval.maker, why=approval.reason,
    )  # fmt: skip
    return row


@inside_transaction
def check(
    product: LoanProduct,
    *,
    what: str,
    customer: Customer | None,
    amount: Money | None,
    at: datetime,
    actor: Actor,
) -> None:
    """
    This will let the caller's transaction lend a product, and keep anybody from stopping it before
    that transaction ends; or refuse. Call it first, before other locks: who waits here holds none
    that others need. It runs inside `noting_stopped`, which keeps the attempt.

    :raises LendingStopped: if a stop binds the product.
    """
    if not _is_noting.get():
        raise RuntimeError("lending is asked for inside stops.noting_stopped(), around the deed")
    found = queries.stop_on(product)  # Looked at first: who is refused waits for nobody.
    if found is None:
        _hold_off_stops()
        found = queries.stop_on(product)
    if found is not None:
        attempt = StoppedAttempt(
            stop=found, what=what, customer=customer, product=product,
            amount=amount and amount.amount, at=at, actor=str(actor),
        )  # fmt: skip
        raise LendingStopped(attempt=attempt, scope=found.scope)


@contextmanager
def noting_stopped() -> Iterator[None]:
    """
    This will keep every attempt that a stop blocks in what is called, after that was undone, and
    let the refusal go on. For `with`, or as a decorator outside of `deed`; never in a transaction.
    """
    if connection.in_atomic_block:
        with transaction.atomic(durable=True):  # A mistake, refused; but not a test case's own.
            pass
    token = _is_noting.set(True)
    try:
        yield
    except LendingStopped as refusal:
        note_attempt(refusal)
        raise
    finally:
        _is_noting.reset(token)


def note_attempt(refusal: LendingStopped) -> StoppedAttempt:
    """
    This will keep the attempt that was refused, once, in a transaction of its own;
    `noting_stopped` does.
    """
    if refusal.attempt.pk is None:
        with transaction.atomic(durable=True):
            refusal.attempt.save(force_insert=True)
    return refusal.attempt


@deed
def _keep(
    *,
    scope: str,
    product: LoanProduct | None,
    segment: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> LendingStop:
    staff.check_may(actor, "lending.stop", at=at)
    reason = reason.strip()
    if len(reason) < LEAST_REASON:
        raise WhyStop

    row, is_new = LendingStop.objects.get_or_create(
        scope=scope, product=product, segment=segment, lifted_at=None,
        defaults={"reason": reason, "stopped_by": str(actor), "stopped_at": at},
    )  # fmt: skip
    if is_new:
        audit.record(actor=actor, deed="lending.stopped", subject=row, what=row.name, why=reason)
    return row


def _let_those_before_end() -> None:
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != TIMED_OUT:
            raise
        raise StillEnding from error


def _hold_off_stops() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
