"""
How people join a business: by a link to one phone or e-mail address, which only whoever has proved
to own it can use, once, within seven days. The link's token is kept as its hash.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.access.models import User
from accounts.businesses import operations, queries, screening
from accounts.businesses.models import Business, Change, Invitation, Member
from accounts.businesses.queries import Role
from accounts.businesses.refusals import ContactInvited, InvitationOver, NotADraft, NotInvited
from accounts.businesses.states import CHANGES, INVITATIONS, ChangeState, InvitationState
from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.words import masked_email, masked_phone

LIFE = timedelta(days=7)
WITHDRAWN = "The invitation was withdrawn"  # The reason of its change, as staff read it.


@transaction.atomic
def invite(
    business: Business,
    *,
    full_name: str,
    contact: str,
    roles: list[str],
    address_of: Callable[[str], str],
    at: datetime,
    actor: Actor,
) -> Invitation:
    """
    This will invite a person by phone (+254 and nine digits) or e-mail, while the business still
    registers; afterwards it takes two directors (`changes`). `address_of` gives the link's address
    for its token.

    :raises NotYourRole: if the actor is no director.
    :raises ContactInvited: if this phone or e-mail is invited already.
    :raises NotADraft: if the registration was sent.
    """
    row = _locked(business)
    if not row.is_draft:
        raise NotADraft(state=row.get_state_display())
    invitation = prepare(row, full_name=full_name, contact=contact, roles=roles, at=at, actor=actor)
    send(invitation, address_of=address_of, at=at, actor=actor)
    return invitation


@inside_transaction
def prepare(
    business: Business,
    *,
    full_name: str,
    contact: str,
    roles: list[str],
    at: datetime,
    actor: Actor,
) -> Invitation:
    """
    This will write an invitation that is not sent yet: who sends it has to see first that it may be
    sent. Refusals as of `invite`, but for NotADraft.
    """
    member = queries.membership(actor, business)
    member.must(Role.DIRECTOR)
    _forget_old(business, contact=contact, at=at)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                business=business,
                full_name=full_name,
                channel=Invitation.Channel.EMAIL if "@" in contact else Invitation.Channel.SMS,
                contact=contact,
                contact_index=queries.contact_index(contact),
                roles=[role.value for role in Role if role in roles],
                state=InvitationState.PROPOSED,
                invited_by=member.customer,
            )
    except IntegrityError as error:
        raise ContactInvited from error
    audit.record(
        actor=actor, deed="business.invitation_made", subject=invitation, roles=invitation.roles
    )
    return invitation


@inside_transaction
def send(
    invitation: Invitation, *, address_of: Callable[[str], str], at: datetime, actor: Actor
) -> None:
    """This will send the link of an invitation; it works for seven days."""
    token = secrets.token_urlsafe(32)
    facts = {"token_hash": queries.token_hash(token), "expires_at": at + LIFE}
    INVITATIONS.move(invitation, to=InvitationState.OPEN, updated_at=at, **facts)
    notifications.queue(
        user=None,
        channel=invitation.channel,
        kind="business_invited",
        recipient=invitation.contact,
        language=invitation.invited_by.user.language,
        context={
            "business": invitation.business.name,
            "name": invitation.full_name,
            "inviter": invitation.invited_by.full_name,
            "link": address_of(token),
        },
    )
    audit.record(actor=actor, deed="business.invitation_sent", subject=invitation)


@transaction.atomic
def accept(
    invitation: Invitation, *, customer: Customer, seen: str, at: datetime, actor: Actor
) -> Business:
    """
    This will make a customer a member of the business, with the roles of the invitation. A director
    signs the standing resolution by accepting; `seen` is the hash of the text that was shown.

    :raises NotInvited: if the customer has not proved to own the invited phone or e-mail.
    :raises InvitationOver: if it was answered or withdrawn, or its seven days are over, or if the
        business is under check or closed.
    :raises IntentChanged: if the resolution is not the one that was shown.
    """
    # The business first: who joins while the bank activates it joins before that, or not at all.
    business = _locked(invitation.business)
    row = _open(invitation, user=customer.user, at=at)
    if not business.may_be_joined:
        raise InvitationOver
    facts = {"accepted_by_id": customer.pk, "answered_at": at, "updated_at": at}
    INVITATIONS.move(row, to=InvitationState.ACCEPTED, **facts)
    for role in row.roles:
        Member.objects.get_or_create(
            business=row.business,
            customer=customer,
            role=role,
            left_at=None,
            defaults={"joined_at": at},
        )
    audit.record(actor=actor, deed="business.member_joined", subject=row.business, roles=row.roles)
    screening.screen_director(row.business, customer=customer, at=at, actor=actor)
    if Role.DIRECTOR in row.roles and queries.resolution_of(row.business) is not None:
        operations.sign_resolution(row.business, seen=seen, at=at, actor=actor)
    return row.business


@transaction.atomic
def decline(invitation: Invitation, *, user: User, at: datetime, actor: Actor) -> None:
    """
    This will answer an invitation with no.

    :raises NotInvited: or InvitationOver, as `accept`.
    """
    row = _open(invitation, user=user, at=at)
    INVITATIONS.move(row, to=InvitationState.DECLINED, answered_at=at, updated_at=at)
    audit.record(actor=actor, deed="business.invitation_declined", subject=row)


@transaction.atomic
def withdraw(invitation: Invitation, *, at: datetime, actor: Actor) -> None:
    """
    This will take an invitation back; its link stops working.

    :raises NotYourRole: if the actor is no director.
    :raises InvitationOver: if it was answered.
    """
    member = queries.membership(actor, invitation.business)
    member.must(Role.DIRECTOR)
    _locked(invitation.business)
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.state not in {InvitationState.PROPOSED, InvitationState.OPEN}:
        raise InvitationOver
    _withdraw(row, at=at, actor=actor)
    # What waits for a second director would ask for an invitation that is gone.
    asked = Change.objects.filter(state=ChangeState.PENDING, payload__invitation=row.pk)
    for change in asked.select_for_update():
        facts = {"decided_by_id": member.customer.pk, "decided_at": at, "updated_at": at}
        CHANGES.move(change, to=ChangeState.REJECTED, reason=WITHDRAWN, **facts)
        audit.record(actor=actor, deed="business.change_rejected", subject=change, reason=WITHDRAWN)


@inside_transaction
def withdraw_all(business: Business, *, at: datetime, actor: Actor) -> None:
    """
    This will take back every invitation of a locked business that nobody has answered. The bank
    activates the people that it checked; whom two directors invite later is checked when they join.
    """
    for row in business.invitations.filter(state=InvitationState.OPEN).select_for_update():
        _withdraw(row, at=at, actor=actor)


def check_invited(invitation: Invitation, user: User) -> None:
    """
    This will let pass the person whom an invitation is for.

    :raises NotInvited: to anybody else who has its link.
    """
    if invitation.contact_index not in queries.contacts_of(user):
        raise NotInvited(contact=masked_contact(invitation))


def masked_contact(invitation: Invitation) -> str:
    """This will write the invited phone or e-mail mostly hidden."""
    is_email = invitation.channel == Invitation.Channel.EMAIL
    return (masked_email if is_email else masked_phone)(invitation.contact)


def contact_of(change: Change) -> str:
    """This will write whom a change would invite, mostly hidden; nothing if it invites nobody."""
    row = Invitation.objects.filter(pk=change.payload.get("invitation")).first()
    return masked_contact(row) if row else ""


def _locked(business: Business) -> Business:
    return Business.objects.select_for_update().get(pk=business.pk)


def _withdraw(row: Invitation, *, at: datetime, actor: Actor) -> None:
    INVITATIONS.move(row, to=InvitationState.WITHDRAWN, answered_at=at, updated_at=at)
    audit.record(actor=actor, deed="business.invitation_withdrawn", subject=row)


def _open(invitation: Invitation, *, user: User, at: datetime) -> Invitation:
    row = (
        Invitation.objects.select_related("business")
        .select_for_update(of=("self",))
        .get(pk=invitation.pk)
    )
    check_invited(row, user)
    if row.state != InvitationState.OPEN or at >= row.expires_at:
        raise InvitationOver
    return row


def _forget_old(business: Business, *, contact: str, at: datetime) -> None:
    """An invitation whose days are over does not stand in the way of another."""
    same = {"contact_index": queries.contact_index(contact), "expires_at__lte": at}
    for old in business.invitations.filter(state=InvitationState.OPEN, **same):
        INVITATIONS.move(old, to=InvitationState.WITHDRAWN, answered_at=at, updated_at=at)
