"""What officers decide about customers; the rooms of those things do it."""

from datetime import date, datetime

from accounts.customers import corrections
from accounts.customers.models import ProfileChange
from accounts.documents.models import Document
from accounts.kyc import operations as kyc
from accounts.kyc.models import Submission
from accounts.privacy import operations as privacy
from accounts.privacy.models import DataRequest
from accounts.registry import operations as registry
from accounts.registry.models import IdentityCheck
from accounts.staff import queries as staff
from wekeza.kit.actor import Actor


def decide_paper(
    submission: Submission,
    *,
    deed: str,
    document: Document,
    expires_date: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """
    This will accept or decline one paper of a request (CK17: verify).

    :raises NotForYou: if the actor may not review customers of this branch.
    :raises AlreadyDecided: if a colleague was first; and the other refusals of accounts.kyc.
    """
    staff.check_may(actor, "kyc.review", at=at, branch=submission.customer.branch_id)
    who = {"document": document, "actor": actor, "at": at}
    if deed == "accept":
        kyc.approve_document(submission, expires_date=expires_date, **who)
    else:
        kyc.decline_document(submission, reason=reason, **who)


def decide_request(
    submission: Submission, *, deed: str, risk: str, note: str, actor: Actor, at: datetime
) -> None:
    """
    This will ask a second person to raise the customer's tier (CK02), or hand the request back to
    the customer with what was declined.

    :raises NotForYou: if the actor may not review customers of this branch.
    :raises NotVerified: or IdentityDoubtful, NothingDeclined; and the refusals of an approval.
    """
    staff.check_may(actor, "kyc.review", at=at, branch=submission.customer.branch_id)
    if deed == "raise":
        kyc.propose_raise(submission, risk=risk, reason=note, actor=actor, at=at)
    else:
        kyc.ask_again(submission, actor=actor, at=at)


def decide_check(
    check: IdentityCheck, *, deed: str, finding: str, reason: str, actor: Actor, at: datetime
) -> None:
    """
    This will keep what an officer found about a doubt (AM11), or ask the provider once more.

    :raises NotForYou: if the actor may not review customers of this branch.
    :raises NothingToSettle: if a colleague was first.
    :raises FindingWithoutReason: if it is not said why.
    """
    staff.check_may(actor, "kyc.review", at=at, branch=check.customer.branch_id)
    if deed == "settle":
        registry.settle(check, finding=finding, reason=reason, actor=actor, at=at)
    elif check.is_open:
        registry.ask_again(check, actor=actor, at=at)
    else:
        registry.ask_anew(check, actor=actor, at=at)


def decide_correction(
    change: ProfileChange, *, deed: str, reason: str, actor: Actor, at: datetime
) -> None:
    """
    This will put a correction before a second person, or refuse it to the customer.

    :raises NotForYou: if the actor may not correct customers of this branch.
    :raises ReasonMissing: without a reason; and the refusals of accounts.customers.corrections.
    """
    staff.check_may(actor, "customer.correct", at=at, branch=change.customer.branch_id)
    if deed == "propose":
        corrections.propose_correction(change, reason=reason, actor=actor, at=at)
    else:
        corrections.reject_change(change, reason=reason, actor=actor, at=at)


def answer_request(request: DataRequest, *, text: str, actor: Actor, at: datetime) -> None:
    """
    This will answer what a customer asked about their data.

    :raises NotForYou: if the actor may not decide about customers of this branch.
    :raises AlreadyAnswered: if a colleague was first.
    """
    staff.check_may(actor, "customer.decide", at=at, branch=request.customer.branch_id)
    privacy.answer(request, text=text, actor=actor, at=at)
