"""What an officer decides or asks for about a business."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.businesses import papers, queries, review
from accounts.businesses.models import Business
from accounts.privacy.refusals import OwnFile
from accounts.staff import queries as staff
from accounts.staff.models import StaffMember
from branch.registrations.queries import Standing, standing_of
from branch.workbench import queries as workbench
from branch.workbench.refusals import RestrictedFile
from ledger.approvals.models import Approval
from ledger.controls import audit
from wekeza.kit.actor import Actor


@transaction.atomic
def look_at_money(
    business: Business, *, member: StaffMember, actor: Actor, at: datetime
) -> Standing:
    """
    This will give what a business has and its last payments, and keep that somebody looked. As
    files of people do, it opens in every branch (docs/decisions/0017-branch-scope.md).

    :raises NotForYou: if they may look at no customers.
    :raises OwnFile: if they own it, or act or acted for it.
    :raises RestrictedFile: if the file of somebody who acts for it is shut to them.
    """
    staff.check_may(actor, "customer.look", at=at, branch=None)
    if queries.with_person(actor.person).filter(pk=business.pk).exists():
        raise OwnFile()
    for one in queries.team_of(business):
        if workbench.is_closed_to(member, one.customer, actor=actor, at=at):
            raise RestrictedFile()
    audit.record(actor=actor, deed="business.looked_at", subject=business)
    return standing_of(business)


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
