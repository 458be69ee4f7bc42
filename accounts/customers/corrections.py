"""
Name, ID number and date of birth: a customer asks, an officer and another one after them decide
(rectification, Data Protection Act 2019 s.40).
"""

import unicodedata
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.customers import operations as customers
from accounts.customers import queries, standing
from accounts.customers.models import Customer, ProfileChange
from accounts.customers.refusals import (
    ChangeOutdated,
    ChangeWaits,
    IdTaken,
    NotBornYet,
    NothingChanges,
    ReasonMissing,
)
from accounts.customers.states import LIFECYCLE, ChangeState
from accounts.notifications import operations as notifications
from accounts.registry import operations as registry
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.persons import id_index, person_of
from wekeza.kit.words import masked_id

Field = ProfileChange.Field


@transaction.atomic
def request_change(
    customer: Customer, *, field: str, value: str, reason: str, at: datetime, actor: Actor
) -> ProfileChange:
    """
    This will keep a customer's wish to have one detail corrected; a date of birth is written as
    2026-11-21. Nothing changes yet.

    :raises ReasonMissing: if it is not said why.
    :raises NothingChanges: if it stands so already.
    :raises ChangeWaits: if one for the same detail waits.
    :raises BadNationalId: or TooYoung, NotBornYet, if it could never be.
    """
    if not reason.strip():
        raise ReasonMissing()
    row = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    after = _checked(field, value, at=at)
    before = _standing(row, field)
    if after == before:
        raise NothingChanges()
    if row.changes.filter(field=field, state=ChangeState.WAITING).exists():
        raise ChangeWaits()

    change = ProfileChange.objects.create(
        customer=row,
        field=Field(field),
        before=before,
        after=after,
        reason=reason.strip(),
        asked_at=at,
    )
    audit.record(actor=actor, deed="customer.change_asked", subject=change, field=field)
    return change


@transaction.atomic
def withdraw_change(change: ProfileChange, *, at: datetime, actor: Actor) -> None:
    """
    This will take a request back that nobody has decided.

    :raises IllegalMove: or LostRace, if somebody has.
    """
    LIFECYCLE.move(change, to=ChangeState.WITHDRAWN, decided_at=at, decided_by=str(actor))
    audit.record(actor=actor, deed="customer.change_withdrawn", subject=change)


@transaction.atomic
def reject_change(change: ProfileChange, *, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will refuse a request, and tell the customer why on the profile page.

    :raises ReasonMissing: if it is not said why.
    :raises IllegalMove: or LostRace, if it is decided already.
    """
    if not reason.strip():
        raise ReasonMissing()
    LIFECYCLE.move(
        change,
        to=ChangeState.REJECTED,
        decided_at=at,
        decided_by=str(actor),
        answer=reason.strip(),
    )
    audit.record(actor=actor, deed="customer.change_rejected", subject=change)
    notifications.queue(user=change.customer.user, channel="SMS", kind="correction_refused")


@transaction.atomic
def propose_correction(
    change: ProfileChange, *, reason: str, at: datetime, actor: Actor
) -> Approval:
    """
    This will put a request that an officer has looked into before a second person. What the checker
    reads shows the end of an ID number only: an approval is kept in plain words.

    :raises ChangeOutdated: if it is decided already.
    :raises MayNotAsk: or AlreadyWaiting, ReasonMissing of approvals.
    """
    if not change.is_waiting:
        raise ChangeOutdated()
    before, after = (
        masked_id(value) if change.field == Field.NATIONAL_ID else value
        for value in (change.before, change.after)
    )
    return approvals.propose(
        deed="customers.correct",
        subject=change.customer,
        payload={"change": change.pk},
        changes=[approvals.Change(str(change.get_field_display()), before, after)],
        reason=reason,
        actor=actor,
        at=at,
        branch=change.customer.branch_id,
        about=_persons_of(change),
    )


def _persons_of(change: ProfileChange) -> list[str]:
    """Whom a correction concerns: the customer, and whoever's ID number it would be."""
    persons = [change.customer.actor.person]
    if change.field == Field.NATIONAL_ID:
        persons.append(person_of(id_index(change.after)))
    return persons


@transaction.atomic
def correct(*, payload: dict, approval, actor: Actor, at: datetime) -> ProfileChange:
    """
    This will correct what a customer asked for, when a second person approved it; `payload` holds
    the id of the `change`. The registers are asked about the customer anew.

    :raises ChangeOutdated: if it is decided already, or the detail is another one meanwhile.
    :raises IdTaken: if the ID belongs to another customer by now.
    """
    change = ProfileChange.objects.select_for_update().get(pk=payload["change"])
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=change.customer_id)
    if not change.is_waiting or _standing(customer, change.field) != change.before:
        raise ChangeOutdated()
    after = _checked(change.field, change.after, at=at)

    try:
        with transaction.atomic():
            _apply(customer, change.field, after)
    except IntegrityError as error:
        raise IdTaken() from error
    LIFECYCLE.move(change, to=ChangeState.APPROVED, decided_at=at, decided_by=str(actor))
    audit.record(
        actor=actor,
        deed="customer.corrected",
        subject=customer,
        field=change.field,
        approval=getattr(approval, "pk", ""),
    )
    registry.ask_both(customer, at=at, actor=actor)
    standing.screen(customer, cause="CHANGE", at=at, actor=actor)
    notifications.queue(user=customer.user, channel="SMS", kind="details_corrected")
    return change


def _apply(customer: Customer, field: str, after: str) -> None:
    changed = [field, "updated_at"]
    if field == Field.DATE_OF_BIRTH:
        customer.date_of_birth = date.fromisoformat(after)
    elif field == Field.NATIONAL_ID:
        customer.national_id = after
        customer.national_id_index = queries.id_index(after)
        changed.append("national_id_index")
    else:
        customer.full_name = after
    customer.save(update_fields=changed)


def _standing(customer: Customer, field: str) -> str:
    value = getattr(customer, Field(field).value)
    return value.isoformat() if isinstance(value, date) else value


def _checked(field: str, value: str, *, at: datetime) -> str:
    value = unicodedata.normalize("NFC", " ".join(value.split()))
    if field == Field.NATIONAL_ID:
        customers.check_id(value)
    elif field == Field.DATE_OF_BIRTH:
        try:
            customers.check_age(date.fromisoformat(value), at=at)
        except ValueError as error:
            raise NotBornYet() from error
    else:
        customers.check_name(value)
    return value
