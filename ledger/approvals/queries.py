"""What waits for a decision, and whether it still is what was asked for."""

from django.db.models import Model, Q, QuerySet

from ledger.approvals.models import Approval, ApprovalSignature
from ledger.approvals.states import ApprovalState
from ledger.controls import audit
from ledger.controls.doors import digest_of


def waiting() -> QuerySet[Approval]:
    """This will give everything that waits for a decision, the oldest first."""
    return Approval.objects.filter(state=ApprovalState.PENDING).order_by("made_at", "pk")


def unsigned_by(person: str) -> QuerySet[Approval]:
    """This will give what waits and somebody has not said yes to, as one of a committee."""
    signed = ApprovalSignature.objects.filter(signer_person=person).values("approval")
    return waiting().exclude(pk__in=signed)


def waiting_for(subject: Model, *deeds: str) -> QuerySet[Approval]:
    """This will give what waits about one record, so that its page can say so."""
    found = waiting().filter(subject=audit.subject_of(subject))
    return found.filter(deed__in=deeds) if deeds else found


def waiting_by(person: str) -> QuerySet[Approval]:
    """This will give what somebody asked for and waits still."""
    return waiting().filter(maker_person=person)


def decided(person: str, *, most: int = 20) -> QuerySet[Approval]:
    """This will give what somebody asked for or decided and is over, the newest first."""
    over = Approval.objects.exclude(state=ApprovalState.PENDING)
    signed = Q(signatures__signer_person=person)  # At most one of each person.
    mine = Q(maker_person=person) | Q(checker_person=person) | signed
    return over.filter(mine).distinct().order_by("-decided_at", "-pk")[:most]


def missing(approval: Approval) -> int:
    """This will count the persons who still have to say yes to what waits."""
    return approval.checkers - approval.signatures.count()


def has_signed(approval: Approval, person: str) -> bool:
    """This will tell whether somebody said yes to it before the last one does."""
    return approval.signatures.filter(signer_person=person).exists()


def is_intact(approval: Approval) -> bool:
    """What is kept is still what was asked for."""
    return approval.digest == digest(approval)


def digest(approval: Approval) -> str:
    """This will give the SHA-256 of what was asked for and what its reader is shown."""
    return digest_of(_facts(approval))


def _facts(row: Approval) -> dict:
    return {
        "deed": row.deed,
        "subject": row.subject,
        "payload": row.payload,
        "changes": row.changes,
        "impact": row.impact,
        "amount": None if row.amount is None else f"{row.amount.normalize():f}",
        "branch": row.branch,
    }
