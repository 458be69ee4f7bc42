"""What an officer does about a case that they have read."""

from datetime import datetime

from accounts.access import mfa
from accounts.access.models import User
from accounts.screening import lists
from accounts.screening import operations as screening
from accounts.screening.models import Hit, ListVersion
from accounts.screening.refusals import ReasonMissing
from accounts.staff import queries as staff
from branch.screening import queries
from branch.screening.refusals import CaseChanged, OwnCase
from ledger.approvals.models import Approval
from ledger.controls.doors import digest_of
from wekeza.kit.actor import Actor


def judge(
    hit: Hit,
    *,
    verdict: str,
    reason: str,
    seen: str,
    code: str,
    user: User,
    actor: Actor,
    at: datetime,
) -> None:
    """
    This will propose what a case is (CLEARED, CONFIRMED), agree with what a colleague proposed
    (AGREE), or send it back (DISAGREE), after the officer has shown their authenticator app again:
    the code signs this verdict on what was on the page, whose fingerprint is `seen`.

    :raises NotForYou: without the permission in every branch: lists know no branches.
    :raises CaseChanged: if it is another case by now than the one that was read.
    :raises OwnCase: if it is about whoever decides.
    :raises WrongCode: if the code is not right; CodeUsed, CodeLocked, NoAuthenticator as
        accounts.access.mfa.
    :raises SamePerson: CaseNotOpen, ReasonMissing, as accounts.screening.
    """
    if seen != queries.seen_of(hit):
        raise CaseChanged
    if queries.is_about(hit, actor):
        raise OwnCase
    is_second = verdict in ("AGREE", "DISAGREE")
    staff.check_may(actor, "screening.decide" if is_second else "screening.review", at=at)
    mfa.verify(
        user=user, code=code, at=at, intent_digest=digest_of({"seen": seen, "verdict": verdict})
    )
    if is_second:
        agrees = verdict == "AGREE"
        screening.decide(hit, agrees=agrees, reason=reason, at=at, actor=actor)
    else:
        screening.propose(hit, decision=verdict, reason=reason, at=at, actor=actor)


def decide_version(
    version: ListVersion, *, deed: str, reason: str, actor: Actor, at: datetime
) -> Approval | None:
    """
    This will ask a second person to put a version in force (`ask`), or refuse it (`refuse`).

    :raises VersionDecided: ListMoved, ReasonMissing, as accounts.screening.lists and approvals.
    """
    if deed == "ask":
        return lists.ask(version, reason=reason, actor=actor, at=at)
    refuse_version(version, reason=reason, actor=actor, at=at)
    return None


def refuse_version(version: ListVersion, *, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will refuse a version of a list that waits; the one in force stays.

    :raises NotForYou: without the permission in every branch.
    :raises ReasonMissing: without a reason.
    :raises VersionDecided: if it does not wait any more.
    """
    staff.check_may(actor, "screening.accept", at=at)
    if not reason.strip():
        raise ReasonMissing
    lists.refuse_list(version, reason=reason.strip(), at=at, actor=actor)
