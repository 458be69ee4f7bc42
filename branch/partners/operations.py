"""What an officer does about a partner."""

from datetime import datetime

from accounts.partners import operations as partners
from accounts.partners.models import Partner
from accounts.staff import queries as staff
from branch.partners.refusals import NotForThisState
from wekeza.kit.actor import Actor
from wekeza.kit.states import IllegalMove


def decide(partner: Partner, *, deed: str, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will stop a partner's apps at once, or ask a second person to admit it (or to let it go on
    after it was stopped).

    :raises NotForYou: if the actor may not stop partners; they have no branch.
    :raises NotForThisState: if it is in no state for that.
    :raises MayNotAsk: AlreadyWaiting or ReasonMissing, as `approvals.propose`.
    """
    if deed == "suspend":
        staff.check_may(actor, "partner.admit", at=at)
    change = partners.suspend if deed == "suspend" else partners.ask_admission
    try:
        change(partner, reason=reason, actor=actor, at=at)
    except IllegalMove as error:
        raise NotForThisState(state=partner.get_state_display().lower()) from error
