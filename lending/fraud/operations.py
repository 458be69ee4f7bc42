"""Asking the rules about an application, and what officers do with a case and with marks."""

from collections.abc import Collection
from datetime import date, datetime

from accounts.staff import queries as staff
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.controls import audit
from lending.applications import operations as applications
from lending.applications.models import LoanApplication
from lending.fraud import queries
from lending.fraud.models import (
    FraudAssessment,
    FraudCase,
    FraudFlag,
    FraudMark,
    FraudNote,
    FraudRule,
    FraudTerm,
)
from lending.fraud.refusals import (
    AlreadyMarked,
    CaseDecided,
    CaseNotTaken,
    MarkEnded,
    MarkOver,
    NoteMissing,
)
from lending.fraud.rules import RULES, Look
from lending.fraud.states import LIFECYCLE, CaseState
from wekeza.kit import words
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed, inside_transaction

Result, Kind = FraudAssessment.Result, FraudMark.Kind
END = "fraud.end_mark"


@inside_transaction
def assess(application: LoanApplication, *, at: datetime) -> FraudAssessment:
    """
    This will ask every rule about an application, once: asked again it gives what was found. From
    REVIEW_FROM on it opens a case, from BLOCK_FROM on it escalates that. The caller holds the
    application's row; what is counted needs no other (`rules`).

    :raises NoSuchTerm: if the policy of fraud has a gap on that day.
    """
    known = queries.assessment_of(application)
    if known is not None:
        return known
    on = calendar.business_date()
    terms = FraudTerm.numbers_on(on)
    found = _ask(Look(application, on, terms), on=on)
    score = sum(weight for _, weight, _ in found)
    row = FraudAssessment.objects.create(
        application=application,
        score=score,
        result=_result(score, terms),
        terms_date=on,
        assessed_at=at,
    )
    FraudFlag.objects.bulk_create(
        FraudFlag(assessment=row, rule=code, weight=weight, facts=facts)
        for code, weight, facts in found
    )
    audit.record(actor=SYSTEM, deed="fraud.assessed", subject=row, score=score, result=row.result)
    if not row.is_clear:
        _open(row, at=at)
    return row


@deed
def check(application: LoanApplication, *, actor: Actor, at: datetime) -> FraudAssessment:
    """
    This will give staff what the rules make of an application, and ask them if nobody has (RF13).

    :raises NotForYou: if it is not theirs to see; AboutYourself, if it is their own.
    """
    row = applications.locked(application)
    queries.check_not_own(actor, row.customer_id)
    staff.check_may(actor, queries.LOOK, at=at)
    found = assess(row, at=at)
    audit.record(actor=actor, deed="fraud.checked", subject=found)
    return found


@deed
def keep_seen(case: FraudCase, *, actor: Actor, at: datetime) -> None:
    """
    This will keep that somebody opened a case.

    :raises NotForYou: or AboutYourself, if it is not theirs to see.
    """
    queries.check_may(actor, queries.LOOK, about=case, at=at)
    audit.record(actor=actor, deed="fraud.seen", subject=case)


@deed
def take(case: FraudCase, *, actor: Actor, at: datetime) -> FraudCase:
    """
    This will put a case into somebody's hands; in theirs already, it stays there.

    :raises IllegalMove: if somebody else has it, or it was decided.
    :raises NotForYou: or AboutYourself, if it is not theirs to do.
    """
    row = _locked(case, actor=actor, at=at)
    if row.is_taken and row.taken_by == str(actor):
        return row
    LIFECYCLE.move(row, to=CaseState.TAKEN, taken_by=str(actor), taken_at=at, updated_at=at)
    audit.record(actor=actor, deed="fraud.taken", subject=row)
    return row


@deed
def write_note(case: FraudCase, *, text: str, actor: Actor, at: datetime) -> FraudNote:
    """
    This will keep what somebody found or did.

    :raises NoteMissing: if it says nothing.
    :raises NotForYou: or AboutYourself, if it is not theirs to do.
    """
    return _note(_locked(case, actor=actor, at=at), text, actor=actor, at=at)


@deed
def escalate(case: FraudCase, *, text: str, actor: Actor, at: datetime) -> FraudCase:
    """
    This will send a case on to investigation (RF19); escalated before, only the note is added.

    :raises CaseDecided: if it had its verdict.
    :raises NoteMissing: without a word on why.
    :raises NotForYou: or AboutYourself, if it is not theirs to do.
    """
    row = _locked(case, actor=actor, at=at)
    if not row.waits:
        raise CaseDecided
    _note(row, text, actor=actor, at=at)
    if row.escalated_at is None:
        row.escalated_by, row.escalated_at = str(actor), at
        row.save(update_fields=["escalated_by", "escalated_at", "updated_at"])
        audit.record(actor=actor, deed="fraud.escalated", subject=row)
    return row


@deed
def confirm(
    case: FraudCase, *, text: str, marks: Collection[str], actor: Actor, at: datetime
) -> FraudCase:
    """
    This will find that it was fraud, and mark the customer's ID, phone or browser (`marks` are
    kinds of FraudMark) so that the next application meets it. Nothing is lent on this one.

    :raises CaseNotTaken: if nobody has it in hand; CaseDecided, if it had its verdict.
    :raises NoteMissing: without a word on why.
    :raises NotForYou: or AboutYourself, if it is not theirs to do.
    """
    row = _decided(case, CaseState.CONFIRMED, text=text, actor=actor, at=at)
    application = row.assessment.application
    customer = application.customer
    indexes = {
        Kind.ID: customer.national_id_index,
        Kind.PHONE: customer.user.phone_index,
        Kind.DEVICE: application.device_index,
    }
    for kind in sorted(set(marks)):
        if index := indexes.get(kind):
            _mark(kind, index, why=text, case=row, until=None, actor=actor, at=at)
    return row


@deed
def clear(case: FraudCase, *, text: str, actor: Actor, at: datetime) -> FraudCase:
    """
    This will find that it was no fraud: a credit officer may then approve the application.

    :raises CaseNotTaken: if nobody has it in hand; CaseDecided, if it had its verdict.
    :raises NoteMissing: without a word on why.
    :raises NotForYou: or AboutYourself, if it is not theirs to do.
    """
    return _decided(case, CaseState.CLEARED, text=text, actor=actor, at=at)


@deed
def add_mark(
    *, kind: str, text: str, why: str, until: date | None, actor: Actor, at: datetime
) -> FraudMark:
    """
    This will mark an ID number, phone (+254…) or account number as one that fraud was done with,
    to the last day of `until`.

    :raises AlreadyMarked: if it is; BadMark, if the text is none; MarkOver, if `until` has passed.
    :raises NoteMissing: without a word on why.
    :raises NotForYou: if it is not theirs to do.
    """
    staff.check_may(actor, queries.DECIDE, at=at)
    if not why.strip():
        raise NoteMissing
    if until is not None and until < calendar.business_date():
        raise MarkOver
    found = _mark(
        kind, queries.index_of(kind, text), why=why, case=None, until=until, actor=actor, at=at
    )
    if found is None:
        raise AlreadyMarked
    return found


@deed
def ask_end(mark: FraudMark, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to take a mark off the list: one puts it there at once, two let
    go on what it blocks.

    :raises MarkEnded: if it is off.
    :raises AboutYourself: if it is the actor's own.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    row = FraudMark.objects.get(pk=mark.pk)
    if not row.stands:
        raise MarkEnded
    queries.check_not_own_mark(actor, row)
    name = f"{row.get_kind_display()}, marked {words.moment(row.added_at)}"
    return approvals.propose(
        deed=END,
        subject=row,
        payload={"mark": row.pk},
        changes=[approvals.Change(name, f"Blocks: {row.why}", "Blocks nothing any more")],
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def end_mark(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> FraudMark:
    """
    This will take a mark off the list, by a second person: the approved deed `fraud.end_mark`,
    whose `payload` is {"mark": id}.

    :raises MarkEnded: if it is off.
    :raises AboutYourself: if it is the actor's own.
    """
    row = FraudMark.objects.select_for_update().get(pk=payload["mark"])
    if not row.stands:
        raise MarkEnded
    queries.check_not_own_mark(actor, row)
    _end(row, by=str(actor), approval=approval, at=at)
    audit.record(
        actor=actor, deed="fraud.mark_ended", subject=row, kind=row.kind, asked_by=approval.maker,
        why=approval.reason,
    )  # fmt: skip
    return row


def _ask(look: Look, *, on: date) -> list[tuple[str, int, dict]]:
    rules = {row.code: row for row in FraudRule.objects.on(on).reverse()}  # The latest start wins.
    found = []
    for code, rule in RULES.items():
        weighed = rules.get(code)
        if weighed is None or not weighed.is_on:
            continue
        facts = rule(look)
        if facts is not None:
            found.append((code, weighed.weight, facts))
    return found


def _result(score: int, terms) -> str:
    if score >= terms[FraudTerm.Kind.BLOCK_FROM]:
        return Result.BLOCK
    return Result.REVIEW if score >= terms[FraudTerm.Kind.REVIEW_FROM] else Result.CLEAR


def _open(row: FraudAssessment, *, at: datetime) -> None:
    told = {"escalated_by": str(SYSTEM), "escalated_at": at} if row.is_blocked else {}
    case = FraudCase.objects.create(assessment=row, opened_at=at, **told)
    audit.record(actor=SYSTEM, deed="fraud.opened", subject=case, score=row.score)


def _locked(case: FraudCase, *, actor: Actor, at: datetime) -> FraudCase:
    row = queries.cases().select_for_update(of=("self",)).get(pk=case.pk)
    queries.check_may(actor, queries.DECIDE, about=row, at=at)
    return row


@inside_transaction
def _note(case: FraudCase, text: str, *, actor: Actor, at: datetime) -> FraudNote:
    if not text.strip():
        raise NoteMissing
    row = FraudNote.objects.create(
        case=case, text=text.strip(), written_by=str(actor), written_at=at
    )
    audit.record(actor=actor, deed="fraud.noted", subject=case, note=row.pk)
    return row


@inside_transaction
def _decided(case, state: str, *, text: str, actor: Actor, at: datetime) -> FraudCase:
    row = _locked(case, actor=actor, at=at)
    if not row.waits:
        raise CaseDecided
    if row.is_open:
        raise CaseNotTaken
    _note(row, text, actor=actor, at=at)
    LIFECYCLE.move(row, to=state, decided_by=str(actor), decided_at=at, updated_at=at)
    audit.record(actor=actor, deed=f"fraud.{state.lower()}", subject=row)
    return row


@inside_transaction
def _mark(
    kind: str,
    index: str,
    *,
    why: str,
    case: FraudCase | None,
    until: date | None,
    actor: Actor,
    at: datetime,
) -> FraudMark | None:
    """A mark that stands is left as it is: then None. One whose days are over makes room."""
    same = {"kind": kind, "mark_index": index, "ended_at": None}
    over = FraudMark.objects.select_for_update().filter(
        **same, until__lt=min(calendar.business_date(), calendar.nairobi_date(at))
    )
    for old in over:
        _end(old, by=str(SYSTEM), approval=None, at=at)
    row, is_new = FraudMark.objects.get_or_create(
        **same,
        defaults={
            "why": why.strip(), "case": case, "until": until, "added_by": str(actor),
            "added_at": at,
        },
    )  # fmt: skip
    if not is_new:
        return None
    audit.record(actor=actor, deed="fraud.marked", subject=row, kind=kind)
    return row


def _end(row: FraudMark, *, by: str, approval: Approval | None, at: datetime) -> None:
    row.ended_by, row.ended_at, row.approval = by, at, approval
    row.save(update_fields=["ended_by", "ended_at", "approval", "updated_at"])
