"""What an officer does about a case that they have read."""

from datetime import datetime

from accounts.screening import lists
from accounts.screening import operations as screening
from accounts.screening.models import Hit, ListVersion
from accounts.screening.refusals import ReasonMissing
from branch.screening import queries
from branch.screening.refusals import CaseChanged, OwnCase
from wekeza.kit.actor import Actor


def judge(hit: Hit, *, verdict: str, reason: str, seen: str, actor: Actor, at: datetime) -> None:
    """
    This will propose what a case is (CLEARED, CONFIRMED), agree with what a colleague proposed
    (AGREE), or send it back (DISAGREE). `seen` is the fingerprint of what was on the page.

    :raises CaseChanged: if it is another case by now than the one that was read.
    :raises OwnCase: if it is about whoever decides.
    :raises SamePerson: CaseNotOpen, ReasonMissing, as accounts.screening.
    """
    if seen != queries.seen_of(hit):
        raise CaseChanged
    if queries.is_about(hit, actor):
        raise OwnCase
    if verdict in ("AGREE", "DISAGREE"):
        agrees = verdict == "AGREE"
        screening.decide(hit, agrees=agrees, reason=reason, at=at, actor=actor)
    else:
        screening.propose(hit, decision=verdict, reason=reason, at=at, actor=actor)


def refuse_version(version: ListVersion, *, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will refuse a version of a list that waits; the one in force stays.

    :raises ReasonMissing: without a reason.
    :raises VersionDecided: if it does not wait any more.
    """
    if not reason.strip():
        raise ReasonMissing
    lists.refuse_list(version, reason=reason.strip(), at=at, actor=actor)
