"""What an officer asks for about a business."""

from datetime import datetime

from accounts.businesses import review
from accounts.businesses.models import Business
from ledger.approvals.models import Approval
from wekeza.kit.actor import Actor


def propose(business: Business, *, deed: str, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to open a business's account, or to send its registration back.

    :raises NotADraft: and every other refusal of accounts.businesses.review.
    """
    ask = review.ask_activation if deed == "activate" else review.ask_send_back
    return ask(business, reason=reason, actor=actor, at=at)
