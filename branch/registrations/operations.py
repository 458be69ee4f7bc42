"""What an officer decides or asks for about a business."""

from datetime import date, datetime
from uuid import UUID

from accounts.businesses import papers, queries, review
from accounts.businesses.models import Business
from accounts.staff import queries as staff
from ledger.approvals.models import Approval
from wekeza.kit.actor import Actor


def propose(business: Business, *, deed: str, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to open a business's account, or to send its registration back.

    :raises NotADraft: and every other refusal of accounts.businesses.review.
    """
    ask = review.ask_activation if deed == "activate" else review.ask_send_back
    return ask(business, reason=reason, actor=actor, at=at)


def decide_paper(
    business: Business,
    *,
    deed: str,
    document: UUID,
    expires_date: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """
    This will accept or decline one paper of a business.

    :raises NotForYou: if the actor may not review businesses of this branch.
    :raises AlreadyDecided: if a colleague was first; and the others of accounts.businesses.papers.
    """
    staff.check_may(actor, "business.review", at=at, branch=queries.branch_of(business))
    who = {
        "document": papers.paper_of(business, public_id=document),
        "actor": actor,
        "at": at,
    }
    if deed == "accept":
        papers.accept(business, expires_date=expires_date, **who)
    else:
        papers.decline(business, reason=reason, **who)
