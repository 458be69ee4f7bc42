"""
Four eyes: one person asks for a deed, another decides, and it happens once, when it is approved.
Some deeds take a committee: so many persons say yes, and the last one's yes does it; one no is no.

Which deeds there are stands in wekeza/wiring.py, by name; who may ask, who may decide and how many
must stands in `ApprovalRule`, dated. Persons are compared, not logins (decision 14), and the
database compares them again.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.module_loading import import_string

from ledger.approvals import queries
from ledger.approvals.models import Approval, ApprovalRule, ApprovalSignature
from ledger.approvals.refusals import (
    AboutYou,
    AlreadyDecided,
    AlreadySigned,
    AlreadyWaiting,
    ApprovalChanged,
    ApprovalExpired,
    MayNotAsk,
    MayNotDecide,
    OwnApproval,
    ReasonMissing,
)
from ledger.approvals.states import APPROVALS, ApprovalState
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed as one_transaction
from wekeza.kit.db import inside_transaction
from wekeza.kit.failpoints import failpoint


class NoApprovalRule(LookupError):
    """No rule is in force for a deed: a gap in the bank's own tables. Nothing is asked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference that the checker reads."""

    field: str
    before: str
    after: str


@transaction.atomic
def propose(
    *,
    deed: str,
    subject: Model | None,
    payload: dict,
    changes: list[Change],
    reason: str,
    actor: Actor,
    at: datetime,
    impact: str = "",
    amount: Decimal | None = None,
    branch: str = "",
    about: Iterable[str] = (),
) -> Approval:
    """
    This will ask for a deed that a second person decides. `payload` is what the deed's operation
    will be given, `changes` and `impact` are what the checker reads. `branch` is where it reaches
    (empty: every branch, for roles of every branch alone). `amount` is what it moves in KES, which
    limits of roles bind. `about` are the persons whom it concerns: none of them asks or decides.

    :raises AboutYou: if it concerns whoever asks.
    :raises AlreadyWaiting: if the same deed on the same subject waits already.
    :raises MayNotAsk: if the actor does not hold the permission there.
    :raises ReasonMissing: without a reason.
    """
    if deed not in settings.APPROVABLE:
        raise NoApprovalRule(f"{deed} is not in wekeza/wiring.py")
    rule, persons = _rule(deed, at=at), sorted(set(about) - {""})
    _check_asking(rule, persons, actor=actor, at=at, branch=branch, reason=reason)
    name = audit.subject_of(subject) if subject is not None else ""
    row = Approval(
        deed=deed,
        subject=name,
        payload=payload,
        changes=[asdict(change) for change in changes],
        impact=impact,
        amount=amount,
        branch=branch,
        about=persons,
        reason=reason.strip(),
        to_check=rule.to_check,
        checkers=rule.checkers,
        maker=str(actor),
        maker_person=_person(actor),
        made_at=at,
        expires_at=at + timedelta(hours=rule.valid_hours),
    )
    _file(row)
    audit.record(actor=actor, deed="approval.asked", subject=row, what=deed, about=name)
    return row


@one_transaction
def approve(approval: Approval, *, digest: str, actor: Actor, at: datetime, note="") -> Approval:
    """
    This will do the deed, once, and keep who decided. The deed looks at fresh data again; when it
    refuses, nothing has changed and the approval waits on. `digest` is that of what was shown. Of a
    committee each but the last only signs: the approval waits on.

    :raises OwnApproval: if the same person asked for it.
    :raises AlreadySigned: if they said yes before, and others are to say it too.
    :raises AboutYou: if it concerns whoever decides.
    :raises MayNotDecide: if the actor does not hold the permission, up to the amount, there.
    :raises AlreadyDecided: if somebody was first.
    :raises ApprovalExpired: after its time.
    :raises ApprovalChanged: if what was shown is not what is kept.
    """
    row = _open(approval, actor=actor, at=at)
    if queries.has_signed(row, _person(actor)):
        raise AlreadySigned(missing=queries.missing(row))
    if not digest == row.digest == queries.digest(row):
        raise ApprovalChanged()
    if queries.missing(row) > 1:
        _sign(row, actor=actor, at=at, note=note)
        return row

    import_string(settings.APPROVABLE[row.deed])(
        payload=row.payload, approval=row, actor=actor, at=at
    )
    failpoint("approval.done")
    _decide(row, to=ApprovalState.APPROVED, actor=actor, at=at, note=note)
    failpoint("approval.decided")
    return row


@one_transaction
def reject(approval: Approval, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will say no to what was asked for; the maker reads the reason.

    :raises OwnApproval: if the same person asked for it; they may withdraw it.
    :raises MayNotDecide: if the actor does not hold the permission, up to the amount, there.
    :raises AlreadyDecided: if somebody was first.
    :raises ReasonMissing: without a reason.
    """
    row = _open(approval, actor=actor, at=at)
    if not reason.strip():
        raise ReasonMissing()
    _decide(row, to=ApprovalState.REJECTED, actor=actor, at=at, note=reason.strip())
    return row


@one_transaction
def withdraw(approval: Approval, *, actor: Actor, at: datetime) -> Approval:
    """
    This will take back what the same person asked for.

    :raises MayNotDecide: if somebody else asked for it.
    :raises AlreadyDecided: if it is decided.
    """
    row = Approval.objects.select_for_update().get(pk=approval.pk)
    if row.maker_person != _person(actor):
        raise MayNotDecide(permission="the maker's own")
    if not row.is_waiting:
        raise AlreadyDecided(state=row.get_state_display())
    APPROVALS.move(row, ApprovalState.WITHDRAWN, decided_at=at)
    audit.record(actor=actor, deed="approval.withdrawn", subject=row, what=row.deed)
    return row


@transaction.atomic
def expire_due(*, at: datetime, actor: Actor, most: int = 500) -> int:
    """This will let whatever waited past its time expire, and give how many did."""
    due = Approval.objects.select_for_update(skip_locked=True).filter(
        state=ApprovalState.PENDING, expires_at__lte=at
    )
    rows = list(due.order_by("pk")[:most])
    for row in rows:
        APPROVALS.move(row, ApprovalState.EXPIRED, decided_at=at)
        audit.record(actor=actor, deed="approval.expired", subject=row, what=row.deed)
    return len(rows)


def _check_asking(
    rule: ApprovalRule,
    persons: list[str],
    *,
    actor: Actor,
    at: datetime,
    branch: str,
    reason: str,
) -> None:
    if not import_string(settings.WHO_MAY_ASK)(actor, rule.to_make, at=at, branch=branch):
        raise MayNotAsk(permission=rule.to_make)
    if _person(actor) in persons:
        raise AboutYou()
    if not reason.strip():
        raise ReasonMissing()


def _file(row: Approval) -> None:
    row.digest = queries.digest(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "ledger_one_waiting_approval" not in str(error):
            raise
        raise AlreadyWaiting() from error


def _open(approval: Approval, *, actor: Actor, at: datetime) -> Approval:
    row = Approval.objects.select_for_update().get(pk=approval.pk)
    if row.maker_person == _person(actor):
        raise OwnApproval()
    if _person(actor) in row.about:
        raise AboutYou()
    if not row.is_waiting:
        raise AlreadyDecided(state=row.get_state_display())
    if at >= row.expires_at:
        raise ApprovalExpired(until=f"{row.expires_at.astimezone(calendar.NAIROBI):%d %b %Y %H:%M}")
    if not import_string(settings.WHO_MAY_DECIDE)(actor, row, at=at):
        raise MayNotDecide(permission=row.to_check)
    return row


@inside_transaction
def _sign(row: Approval, *, actor: Actor, at: datetime, note: str) -> None:
    ApprovalSignature.objects.create(
        approval=row, signer=str(actor), signer_person=_person(actor), note=note, signed_at=at
    )
    audit.record(
        actor=actor, deed="approval.signed", subject=row, what=row.deed, about=row.subject,
        missing=queries.missing(row),
    )  # fmt: skip


@inside_transaction
def _decide(row: Approval, *, to: str, actor: Actor, at: datetime, note: str) -> None:
    APPROVALS.move(
        row,
        to,
        checker=str(actor),
        checker_person=_person(actor),
        decided_at=at,
        note=note,
    )
    deed = f"approval.{ApprovalState(to).value.lower()}"
    audit.record(actor=actor, deed=deed, subject=row, what=row.deed, about=row.subject)


def _rule(deed: str, *, at: datetime) -> ApprovalRule:
    rule = ApprovalRule.objects.on(calendar.nairobi_date(at)).filter(deed=deed).first()
    if rule is None:
        raise NoApprovalRule(deed)
    return rule


def _person(actor: Actor) -> str:
    return actor.person or str(actor)
