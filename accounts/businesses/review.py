"""What staff ask a second person for, about a business that registers or has a sole director."""

from datetime import datetime

from accounts.businesses import papers, queries
from accounts.businesses.models import Business, Change
from accounts.businesses.refusals import ChangeOver, NeedsAnotherDirector, NotADraft
from accounts.businesses.states import BusinessState, ChangeState
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from wekeza.kit.actor import Actor

State = BusinessState


def ask_activation(business: Business, *, reason: str, at: datetime, actor: Actor) -> Approval:
    """
    This will ask a second person to let a business bank here (`opening.activate`).

    :raises NotADraft: if it does not wait for the bank.
    :raises PapersNotAccepted: while a paper of it is missing or undecided; it names which.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    _waiting(business)
    papers.check_accepted(business, on=calendar.nairobi_date(at))
    return _ask(
        "businesses.activate",
        business,
        to=State.ACTIVE,
        payload=_payload(business),
        impact=f"{business.name} gets its account",
        reason=reason,
        at=at,
        actor=actor,
    )


def ask_send_back(business: Business, *, reason: str, at: datetime, actor: Actor) -> Approval:
    """
    This will ask a second person to give a registration back to its directors, who read the reason
    (`opening.send_back`).

    :raises NotADraft: if it does not wait for the bank.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    return _ask(
        "businesses.send_back",
        _waiting(business),
        to=State.DRAFT,
        payload=_payload(business) | {"reason": reason.strip()},
        impact=f"The directors of {business.name} read the reason",
        reason=reason,
        at=at,
        actor=actor,
    )


def ask_confirmation(
    change: Change, *, reason: str, address: str, at: datetime, actor: Actor
) -> Approval:
    """
    This will ask a second person that the bank stands in for a second director
    (`changes.confirm`). `address` is the bank's own, for the link of an invitation.

    :raises ChangeOver: if it was decided, or waited for more than seven days.
    :raises NeedsAnotherDirector: if there is a second director by now.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    if change.state != ChangeState.PENDING or at >= change.expires_at:
        raise ChangeOver
    if not queries.is_sole_director(change.business):
        raise NeedsAnotherDirector
    return approvals.propose(
        deed="businesses.confirm_change",
        subject=change,
        payload={"change": str(change.public_id), "address": address},
        changes=[
            approvals.Change("Change", "", str(change.get_kind_display())),
            approvals.Change("Person", "", queries.person_of(change)),
        ],
        impact=f"{change.business.name} has one director, who asked for it",
        reason=reason,
        branch=queries.branch_of(change.business),
        about=queries.persons_of(change.business),
        at=at,
        actor=actor,
    )


def _waiting(business: Business) -> Business:
    if business.state != State.SUBMITTED:
        raise NotADraft(state=business.get_state_display())
    return business


def _payload(business: Business) -> dict:
    return {"business": str(business.public_id), "seen": queries.fingerprint_of(business)}


def _ask(deed: str, business: Business, *, to: str, **asked) -> Approval:
    before, after = str(State(business.state).label), str(State(to).label)
    changes = [approvals.Change("State", before, after)]
    where = {"branch": queries.branch_of(business), "about": queries.persons_of(business)}
    return approvals.propose(deed=deed, subject=business, changes=changes, **where, **asked)
