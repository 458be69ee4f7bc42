"""Asking who a customer is, hearing the answer, and settling what was doubtful."""

import json
from datetime import datetime

from django.db import transaction

from accounts.registry import providers, queries, verdicts
from accounts.registry.answers import Answer, Facts, Result
from accounts.registry.models import IdentityCheck
from accounts.registry.refusals import (
    FindingWithoutReason,
    NothingToSettle,
    NotOpenAnyMore,
    RecordedDead,
)
from accounts.registry.states import LIFECYCLE, OPEN, CheckState
from ledger.calendar import queries as calendar
from ledger.controls import audit, outbox
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.encryption import blind_index

ASKED = "identity.check_asked"


@inside_transaction
def ask(customer, *, kind: str, at: datetime, actor: Actor) -> IdentityCheck:
    """
    This will ask about a customer after the deed is committed (AM11). An open question about the
    same facts stays; one about other facts is given up for the new one.
    """
    facts_hash = _hash_of(facts_of(customer, kind=kind), kind)
    open_one = (
        IdentityCheck.objects.select_for_update()
        .filter(customer=customer, kind=kind, state__in=OPEN)
        .first()
    )
    if open_one is not None:
        if open_one.facts_hash == facts_hash:
            return open_one
        LIFECYCLE.move(open_one, to=CheckState.SUPERSEDED)

    check = IdentityCheck.objects.create(
        customer=customer, kind=kind, facts_hash=facts_hash, asked_at=at
    )
    audit.record(actor=actor, deed="identity.check_asked", subject=check, kind=kind)
    outbox.publish(ASKED, {"check": check.pk})
    return check


@inside_transaction
def ask_both(customer, *, at: datetime, actor: Actor) -> None:
    """This will ask the national register and the phone's network about a customer."""
    for kind in IdentityCheck.Kind:
        ask(customer, kind=kind, at=at, actor=actor)


def hear(*, check: int, at: datetime, **_) -> None:
    """
    This will put one question to its provider and keep the answer; handler of the outbox. A
    provider that does not answer makes the check UNKNOWN, which is no yes and no no.

    :raises TryLater: if there was no answer; the outbox asks again, later each time.
    :raises NotYet: if no provider is set up; the question waits until one is.
    """
    row = IdentityCheck.objects.select_related("customer__user").get(pk=check)
    if not row.is_open:
        return
    facts = facts_of(row.customer, kind=row.kind)
    if _hash_of(facts, row.kind) != row.facts_hash:
        _ask_anew(row, at=at)
        return

    answer = providers.ask(row.kind, facts, request_id=str(row.public_id))

    if answer.result == Result.NOBODY:
        raise outbox.NotYet(answer.error)
    if answer.result == Result.NO_ANSWER:
        _note_silence(row, error=answer.error, at=at)
        raise outbox.TryLater(answer.error)
    _conclude(row, answer, facts, at=at)


@transaction.atomic
def ask_again(check: IdentityCheck, *, at: datetime, actor: Actor) -> None:
    """
    This will put an unanswered question to its provider once more.

    :raises NotOpenAnyMore: if it has been answered.
    """
    if not check.is_open:
        raise NotOpenAnyMore()
    LIFECYCLE.move(check, to=CheckState.UNKNOWN, tried_at=at)
    audit.record(actor=actor, deed="identity.check_asked_again", subject=check)
    outbox.publish(ASKED, {"check": check.pk})


@transaction.atomic
def ask_anew(check: IdentityCheck, *, at: datetime, actor: Actor) -> IdentityCheck:
    """This will put an answered question once more, about the facts as they are now."""
    return ask(check.customer, kind=check.kind, at=at, actor=actor)


def ask_unanswered(*, at: datetime) -> int:
    """This will ask again what the outbox gave up, and give the number of questions."""
    waiting = list(queries.unanswered(at=at).values_list("pk", flat=True))
    return sum(_ask_unanswered(pk, at=at) for pk in waiting)


@transaction.atomic
def settle(
    check: IdentityCheck, *, finding: str, reason: str, at: datetime, actor: Actor
) -> IdentityCheck:
    """
    This will keep what an officer found about a doubt, with the papers before them.

    :raises NothingToSettle: if nothing is doubtful, or somebody was first.
    :raises RecordedDead: if they are to be genuine whom the register has as dead.
    :raises FindingWithoutReason: if it is not said why.
    """
    row = IdentityCheck.objects.select_for_update().get(pk=check.pk)
    if not row.needs_officer:
        raise NothingToSettle()
    if not reason.strip():
        raise FindingWithoutReason()
    if row.is_deceased and finding == IdentityCheck.Finding.GENUINE:
        raise RecordedDead()
    row.finding, row.finding_reason = IdentityCheck.Finding(finding), reason.strip()
    row.settled_by, row.settled_at = str(actor), at
    row.save(update_fields=["finding", "finding_reason", "settled_by", "settled_at", "updated_at"])
    audit.record(actor=actor, deed="identity.check_settled", subject=row, finding=finding)
    return row


def facts_of(customer, *, kind: str) -> Facts:
    """This will give what is asked about a customer; of the phone only where it matters."""
    return Facts(
        full_name=customer.full_name,
        national_id=customer.national_id,
        date_of_birth=customer.date_of_birth,
        phone=customer.user.phone if kind == IdentityCheck.Kind.PHONE else "",
    )


@transaction.atomic
def _ask_unanswered(pk: int, *, at: datetime) -> int:
    check = queries.unanswered(at=at).select_for_update(skip_locked=True).filter(pk=pk).first()
    if check is None:
        return 0  # Another worker was first.
    ask_again(check, at=at, actor=SYSTEM)
    return 1


@transaction.atomic
def _ask_anew(row: IdentityCheck, *, at: datetime) -> None:
    ask(row.customer, kind=row.kind, at=at, actor=SYSTEM)


@transaction.atomic
def _note_silence(row: IdentityCheck, *, error: str, at: datetime) -> None:
    LIFECYCLE.move(row, to=CheckState.UNKNOWN, tried_at=at, error=error[:120], provider=_name(row))


@transaction.atomic
def _conclude(row: IdentityCheck, answer: Answer, facts: Facts, *, at: datetime) -> None:
    limits = queries.limits_on(calendar.nairobi_date(at))
    verdict = verdicts.judge(row.kind, answer, facts, limits=limits)
    row.scores, row.differing = dict(verdict.scores), list(verdict.differing)
    row.is_deceased, row.raw = answer.is_deceased, answer.raw
    # The swap comes first: of two sweepers that were both answered, one is told that it lost.
    LIFECYCLE.move(
        row,
        to=verdict.state,
        provider=_name(row),
        provider_ref=answer.reference,
        answered_at=at,
        tried_at=at,
        error="",
    )
    row.save(update_fields=["scores", "differing", "is_deceased", "raw", "updated_at"])
    audit.record(actor=SYSTEM, deed="identity.checked", subject=row, kind=row.kind, to=row.state)


def _name(row: IdentityCheck) -> str:
    return providers.NAMES[row.kind]


def _hash_of(facts: Facts, kind: str) -> str:
    told = [facts.full_name, facts.national_id, facts.date_of_birth.isoformat(), facts.phone]
    return blind_index(json.dumps([kind, *told]), context="identity_check.facts")
