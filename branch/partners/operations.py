"""What an officer does about a partner."""

from datetime import datetime

from accounts.partners import operations as partners
from accounts.partners.models import Partner
from accounts.staff import queries as staff
from branch.partners.refusals import NotForThisState
from wekeza.kit.actor import Actor
from wekeza.kit.states import IllegalMove

DEEDS = {
    "admit": partners.ask_admission,
    "refuse": partners.refuse,
    "suspend": partners.suspend,
}


def decide(partner: Partner, *, deed: str, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will stop a partner's apps at once, refuse a company that applied, or ask a second person
    to admit it (or to let it go on after it was stopped).

    :raises NotForYou: if the actor may not stop or refuse partners; they have no branch.
    :raises NotForThisState: if it is in no state for that.
    :raises MayNotAsk: AlreadyWaiting or ReasonMissing, as `approvals.propose`.
    """
    if deed != "admit":  # That one is asked for, and asks by itself.
        staff.check_may(actor, "partner.admit", at=at)
    try:
        DEEDS[deed](partner, reason=reason, actor=actor, at=at)
    except IllegalMove as error:
        raise NotForThisState(state=partner.get_state_display().lower()) from error
