"""Who may decide a request; the books ask it for every one (`WHO_MAY_DECIDE`, wekeza/wiring.py)."""

from datetime import datetime

from accounts.staff import queries
from ledger.approvals.models import Approval
from wekeza.kit.actor import Actor

FOUNDING = "TASK:founding"  # Both founders of the bank, whose persons differ.


def may_decide(actor: Actor, approval: Approval, *, at: datetime) -> bool:
    """
    This will tell whether an actor may decide a request: a member of staff with its permission, in
    its branch (a request that names none takes a role in every branch) and up to its amount. No
    task decides, but at a founding the second founder about whom the first one brings.
    """
    if actor.kind == "STAFF":
        where = {"branch": approval.branch, "amount": approval.amount}
        return queries.actor_may(actor, approval.to_check, at=at, **where)
    return approval.deed == "staff.admit" and str(actor) == approval.maker == FOUNDING
