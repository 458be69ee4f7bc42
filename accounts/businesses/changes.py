"""
Changes of the team and the mandate of a business that banks here: one director asks, another one
decides, and it happens once. Where there is no second director the bank stands in for one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.access import pins
from accounts.businesses import invitations, mandates, queries
from accounts.businesses.mandates import Band
from accounts.businesses.models import Business, Change, Invitation, Member
from accounts.businesses.queries import Role
from accounts.businesses.refusals import (
    ChangeOver,
    IntentChanged,
    LastDirector,
    NeedsAnotherDirector,
    NoSuchBusiness,
    NotChangeable,
    ReasonMissing,
    StaffOnly,
)
from accounts.businesses.states import CHANGES, INVITATIONS, ChangeState, InvitationState
from accounts.notifications import operations as notifications
from ledger.controls import audit
from ledger.controls.doors import digest_of
from wekeza.kit.actor import Actor

LIFE = timedelta(days=7)
Kind = Change.Kind


def ask_mandate(
    business: Business, *, bands: list[Band], pin: str, at: datetime, actor: Actor
) -> Change:
    """
    This will ask for another mandate. The one in force stays until a second director agrees.

    :raises NotChangeable: unless the business is active.
    :raises BadMandate: if the lines are none, or ask for more people than there are.
    :raises NotYourRole: if the actor is no director.
    :raises WrongPin: with the tries left.
    """
    member = _director(business, pin=pin, at=at, actor=actor)
    there = len(queries.with_role(business, Role.SIGNATORY))
    mandates.check_bands(bands, signatories=there)
    payload = {"bands": [band.facts() for band in bands]}
    with transaction.atomic():
        _check_active(business)
        return _ask(business, Kind.MANDATE, payload, member=member, at=at, actor=actor)


def ask_invitation(
    business: Business,
    *,
    full_name: str,
    contact: str,
    roles: list[str],
    pin: str,
    at: datetime,
    actor: Actor,
) -> Change:
    """
    This will ask for an invitation, which is sent when a second director agrees.

    :raises NotChangeable: unless the business is active.
    :raises ContactInvited: if this phone or e-mail is invited already.
    :raises NotYourRole: if the actor is no director.
    :raises WrongPin: with the tries left.
    """
    member = _director(business, pin=pin, at=at, actor=actor)
    with transaction.atomic():
        _check_active(business)
        invitation = invitations.prepare(
            business, full_name=full_name, contact=contact, roles=roles, at=at, actor=actor
        )
        payload = {"invitation": invitation.pk, "roles": invitation.roles}
        return _ask(business, Kind.INVITE, payload, member=member, at=at, actor=actor)


def ask_leave(business: Business, *, customer: int, pin: str, at: datetime, actor: Actor) -> Change:
    """
    This will ask that a member no longer acts for the business.

    :raises NotChangeable: unless the business is active.
    :raises LastDirector: if no director would be left.
    :raises NoSuchBusiness: if they do not act for it.
    :raises NotYourRole: if the actor is no director.
    :raises WrongPin: with the tries left.
    """
    member = _director(business, pin=pin, at=at, actor=actor)
    with transaction.atomic():
        _check_active(business)
        _check_leave(business, customer)
        payload = {"customer": customer}
        return _ask(business, Kind.LEAVE, payload, member=member, at=at, actor=actor)


def agree(
    change: Change,
    *,
    seen: str,
    pin: str,
    address_of: Callable[[str], str],
    at: datetime,
    actor: Actor,
) -> Change:
    """
    This will make a change that another director asked for, on what is true now, once. `seen` is
    the digest of what was shown.

    :raises NeedsAnotherDirector: if the actor asked for it.
    :raises IntentChanged: if it is not what was shown.
    :raises ChangeOver: if it was decided, or waited for more than seven days.
    :raises NotChangeable: unless the business is active.
    :raises BadMandate: LastDirector and others, if it can no longer be made.
    :raises WrongPin: with the tries left.
    """
    member = _director(change.business, pin=pin, at=at, actor=actor)
    with transaction.atomic():
        row = _pending(change, at=at)
        if row.made_by_id == member.customer.pk:
            raise NeedsAnotherDirector
        if row.digest != seen:
            raise IntentChanged
        _make(row, address_of=address_of, at=at, actor=actor)
        facts = {"decided_by_id": member.customer.pk, "decided_at": at, "updated_at": at}
        CHANGES.move(row, to=ChangeState.DONE, **facts)
        audit.record(actor=actor, deed="business.change_made", subject=row, kind=row.kind)
    return row


@transaction.atomic
def turn_down(change: Change, *, reason: str, at: datetime, actor: Actor) -> Change:
    """
    This will reject a change, or take it back, with a reason.

    :raises ReasonMissing: without one.
    :raises NotYourRole: if the actor is no director.
    :raises ChangeOver: if it was decided.
    """
    member = queries.membership(actor, change.business)
    member.must(Role.DIRECTOR)
    if not reason.strip():
        raise ReasonMissing
    row = _pending(change, at=at)
    if row.kind == Kind.INVITE:
        invitation = Invitation.objects.get(pk=row.payload["invitation"])
        if invitation.state == InvitationState.PROPOSED:
            INVITATIONS.move(invitation, to=InvitationState.WITHDRAWN, answered_at=at)
    facts = {"decided_by_id": member.customer.pk, "decided_at": at, "reason": reason.strip()[:200]}
    CHANGES.move(row, to=ChangeState.REJECTED, updated_at=at, **facts)
    audit.record(actor=actor, deed="business.change_rejected", subject=row, reason=reason)
    return row


@transaction.atomic
def leave(business: Business, *, at: datetime, actor: Actor) -> None:
    """
    This will end what the actor does for a business, at once and by themselves.

    :raises LastDirector: if no director would be left.
    """
    member = queries.membership(actor, business)
    _check_leave(business, member.customer.pk)
    _end(business, member.customer.pk, at=at, actor=actor)


def confirm(*, payload: dict, approval, actor: Actor, at: datetime) -> Change:
    """
    This will make a change of a business whose only director asked for it: two members of staff
    stand in for the second one. `payload` is {"change": its public id, "address": the bank's own
    address}; the deed "businesses.confirm_change".

    :raises NotChangeable: unless the business is active.
    :raises StaffOnly: if somebody else decides.
    :raises NoSuchBusiness: if there is no such change.
    :raises NeedsAnotherDirector: if there is a second director by now.
    :raises ChangeOver: if it was decided, or waited for more than seven days.
    """
    if actor.kind != "STAFF":
        raise StaffOnly
    change = Change.objects.filter(public_id=payload["change"]).first()
    if change is None:
        raise NoSuchBusiness
    with transaction.atomic():
        row = _pending(change, at=at)
        if not queries.is_sole_director(row.business):
            raise NeedsAnotherDirector
        _make(
            row,
            address_of=lambda token: f"{payload['address']}/biz/invitations/{token}/",
            at=at,
            actor=actor,
        )
        facts = {"bank_approval": str(approval)[:80], "decided_at": at, "updated_at": at}
        CHANGES.move(row, to=ChangeState.DONE, **facts)
        audit.record(actor=actor, deed="business.change_made", subject=row, kind=row.kind)
    return row


def _director(business: Business, *, pin: str, at: datetime, actor: Actor) -> queries.Membership:
    member = queries.membership(actor, business)
    member.must(Role.DIRECTOR)
    pins.verify(user=member.customer.user, pin=pin, at=at)
    return member


def _check_active(business: Business) -> None:
    """A registration is changed as one; while it is checked, all stays as the bank checks it."""
    if not Business.objects.select_for_update().get(pk=business.pk).is_active:
        raise NotChangeable


def _ask(business, kind, payload, *, member, at, actor) -> Change:
    change = Change.objects.create(
        business=business,
        kind=kind,
        payload=payload,
        digest=digest_of({"business": business.pk, "kind": kind, **payload}),
        made_by=member.customer,
        made_at=at,
        expires_at=at + LIFE,
    )
    audit.record(actor=actor, deed="business.change_asked", subject=change, kind=kind)
    facts = {"name": member.customer.full_name, "business": business.name}
    for person in queries.with_role(business, Role.DIRECTOR):
        if person.pk != member.customer.pk:
            notifications.queue(
                user=person.user, channel="SMS", kind="business_change", context=facts
            )
    return change


def _pending(change: Change, *, at: datetime) -> Change:
    # The business first: changes of one business are made one after the other.
    Business.objects.select_for_update().get(pk=change.business_id)
    row = Change.objects.select_related("business").select_for_update(of=("self",)).get(
        pk=change.pk
    )  # fmt: skip
    if row.state != ChangeState.PENDING or at >= row.expires_at:
        raise ChangeOver
    return row


def _make(row: Change, *, address_of, at: datetime, actor: Actor) -> None:
    business = row.business
    _check_active(business)
    if row.kind == Kind.MANDATE:
        bands = [Band.read(facts) for facts in row.payload["bands"]]
        mandates.check_bands(bands, signatories=len(queries.with_role(business, Role.SIGNATORY)))
        mandates.install(business, bands=bands, at=at, actor=actor)
    elif row.kind == Kind.INVITE:
        parts = ("business", "invited_by__user")
        invitation = Invitation.objects.select_related(*parts).get(pk=row.payload["invitation"])
        invitations.send(invitation, address_of=address_of, at=at, actor=actor)
    else:
        _check_leave(business, row.payload["customer"])
        _end(business, row.payload["customer"], at=at, actor=actor)


def _check_leave(business: Business, customer: int) -> None:
    Business.objects.select_for_update().get(pk=business.pk)
    if not business.members.filter(customer=customer, left_at=None).exists():
        raise NoSuchBusiness
    directors = {person.pk for person in queries.with_role(business, Role.DIRECTOR)}
    if directors == {customer}:
        raise LastDirector


def _end(business: Business, customer: int, *, at: datetime, actor: Actor) -> None:
    Member.objects.filter(business=business, customer=customer, left_at=None).update(
        left_at=at, updated_at=at
    )
    audit.record(actor=actor, deed="business.member_left", subject=business, customer=customer)
