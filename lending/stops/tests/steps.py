"""What these tests do again and again: an officer who stops, two who lift, somebody who lends."""

from datetime import UTC, datetime

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.controls import audit
from ledger.controls.models import AuditEntry
from ledger.money import kes
from lending.products.models import LoanProduct
from lending.stops import operations as stops
from lending.stops.models import LendingStop, Scope, StoppedAttempt
from wekeza.kit.actor import SYSTEM
from wekeza.kit.db import deed

WHY = "Disbursements were booked twice since noon"
LENT = "loan.lent_in_a_test"


def now() -> datetime:
    """This will give the moment; rights and waits go by the clock."""
    return datetime.now(UTC)


def officer(role="RISK"):
    """This will give somebody who may stop lending, or who has another role."""
    return staff_actor(StaffMemberFactory(role_id=role))


def product(code="PERS") -> LoanProduct:
    """This will give a product of the founding, as PERS or SMEW."""
    return LoanProduct.objects.get(code=code)


def stop(scope=Scope.ALL, *, actor=None, reason=WHY, **facts) -> LendingStop:
    """This will stop lending."""
    return stops.stop(scope=scope, reason=reason, actor=actor or officer(), at=now(), **facts)


def lift(row: LendingStop, *, maker=None, checker=None) -> Approval:
    """This will lift a stop: one asks, another says yes."""
    asked = stops.ask_lift(row, reason="Mended", actor=maker or officer(), at=now())
    return approvals.approve(
        asked, digest=asked.digest, actor=checker or officer("FINANCE"), at=now()
    )


@stops.noting_stopped()
@deed
def lend(
    wanted: LoanProduct,
    *,
    customer=None,
    amount="5000",
    what=StoppedAttempt.What.DISBURSEMENT,
    actor=SYSTEM,
    then=lambda: None,
) -> None:
    """This will do as a loan does: ask, write, and perhaps take its time."""
    audit.record(actor=actor, deed=LENT, subject=wanted)
    stops.check(wanted, what=what, customer=customer, amount=kes(amount), at=now(), actor=actor)
    then()


def lent() -> int:
    """This will tell how many of these loans stand."""
    return AuditEntry.objects.filter(deed=LENT).count()
