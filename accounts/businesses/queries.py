"""Who acts for which business, in what role; how far a registration is; who is invited."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat, Now

from accounts.access.models import User
from accounts.businesses.models import (
    BeneficialOwner,
    Business,
    Change,
    Invitation,
    MandateBand,
    Member,
)
from accounts.businesses.refusals import InvitationOver, NoSuchBusiness, NotYourRole
from accounts.businesses.resolution_models import Resolution
from accounts.businesses.states import BANKING, BusinessState, ChangeState, InvitationState
from accounts.customers.models import Customer
from accounts.documents.models import Document
from ledger.controls.doors import digest_of
from wekeza.kit import persons
from wekeza.kit.actor import Actor
from wekeza.kit.encryption import blind_index

Role = Member.Role
OWNERS = "business:"  # How `Business.owner_ref` begins ...
OWNER_REF = Concat(Value(OWNERS), Cast("pk", CharField()))  # ... and all of it, for the database.

# Whether a customer acts for any business: one value, so that a page can ask it with others.
ACTS = "EXISTS (SELECT FROM accounts_member m WHERE m.customer_id = %s AND m.left_at IS NULL)"


@dataclass(frozen=True, slots=True)
class Membership:
    """What one customer may do in one business now."""

    business: Business
    customer: Customer
    roles: frozenset[str]

    @property
    def is_director(self) -> bool:
        return Role.DIRECTOR in self.roles

    @property
    def may_sign(self) -> bool:
        return Role.SIGNATORY in self.roles

    @property
    def may_draft(self) -> bool:
        return Role.MAKER in self.roles

    @property
    def may_repay(self) -> bool:
        """A loan that was signed for is paid back by any one of those who sign or direct."""
        return self.is_director or self.may_sign

    @property
    def labels(self) -> list[str]:
        """The roles in words, the weightiest first."""
        return [str(role.label) for role in Role if role in self.roles]

    def must(self, role: str) -> None:
        """
        This will let pass who has a role.

        :raises NotYourRole: to anybody else.
        """
        if role not in self.roles:
            raise NotYourRole(role=Role(role).label)


def memberships_of(actor: Actor) -> list[Membership]:
    """This will give the businesses that the actor acts for, by name, with their roles."""
    rows = Member.objects.filter(customer=actor.customer_id, left_at=None).select_related(
        "business__tier", "customer__user"
    )
    return sorted(_gathered(rows), key=lambda one: one.business.name)


def one_of(actor: Actor, *, public_id: UUID) -> Membership:
    """
    This will give one business to somebody who acts for it (IA10).

    :raises NoSuchBusiness: to anybody else; another's and none look the same.
    """
    for one in memberships_of(actor):
        if one.business.public_id == public_id:
            return one
    raise NoSuchBusiness


def active_one_of(actor: Actor, *, public_id: UUID) -> Membership:
    """
    This will give one business that banks here already to somebody who acts for it.

    :raises NoSuchBusiness: to anybody else, and before the bank has activated it.
    """
    found = one_of(actor, public_id=public_id)
    if found.business.state in {BusinessState.DRAFT, BusinessState.SUBMITTED}:
        raise NoSuchBusiness
    return found


def branch_of(business: Business) -> str:
    """This will give the code of the branch that looks after a business: its founder's."""
    return business.members.select_related("customer").earliest("pk").customer.branch_id


def membership(actor: Actor, business: Business) -> Membership:
    """
    This will give what the actor may do in a business.

    :raises NoSuchBusiness: if it is nothing.
    """
    return one_of(actor, public_id=business.public_id)


def parties_of(actor: Actor) -> frozenset[str]:
    """This will name for whom the actor may look at receipts: themselves and their businesses."""
    own = {f"customer:{actor.customer_id}"} if actor.customer_id else set()
    theirs = Member.objects.filter(customer=actor.customer_id, left_at=None)
    return frozenset(
        own | {f"business:{pk}" for pk in theirs.values_list("business", flat=True).distinct()}
    )


def team_of(business: Business) -> list[Membership]:
    """This will give everybody who acts for a business, in the order in which they joined."""
    rows = business.members.filter(left_at=None).select_related(
        "business", "customer__user", "customer__tier"
    )
    return _gathered(rows.order_by("joined_at", "pk"))


def with_role(business: Business, role: str) -> list[Customer]:
    """This will give those who have a role now and bank here undisturbed."""
    rows = business.members.filter(
        role=role, left_at=None, customer__status=Customer.Status.ACTIVE
    ).select_related("customer__user")
    return [row.customer for row in rows.order_by("joined_at", "pk")]


def with_person(person: str) -> QuerySet[Business]:
    """
    This will give the businesses that a natural person (`Actor.person`) owns, acts for, or ever
    acted for; and those that once named them as an owner.
    """
    index = persons.index_of(person)
    if not index:
        return Business.objects.none()
    acts = Member.objects.filter(customer__national_id_index__startswith=index)
    owns = BeneficialOwner.objects.filter(national_id_index__startswith=index)
    theirs = acts.values("business").union(owns.values("business"))
    return Business.objects.filter(pk__in=theirs)


def persons_of(business: Business) -> list[str]:
    """This will name the natural persons who act for a business, or own it (`Actor.person`)."""
    acts = [member.customer.actor.person for member in team_of(business)]
    return acts + [persons.person_of(owner.national_id_index) for owner in owners_of(business)]


def is_sole_director(business: Business) -> bool:
    """This will tell whether no second director is there to decide a change."""
    return len(with_role(business, Role.DIRECTOR)) < 2  # noqa: PLR2004 - four eyes are two people.


def invites_director(business: Business) -> bool:
    """This will tell whether somebody is invited to direct a business with the others."""
    return any(Role.DIRECTOR in one.roles for one in invitations_of(business))


def bands_of(business: Business) -> list[MandateBand]:
    """This will give the bands in force, from the smallest amount up."""
    return sorted(
        business.bands.filter(valid_until=None),
        key=lambda band: (band.up_to is None, band.up_to or 0),
    )


def owners_of(business: Business) -> list[BeneficialOwner]:
    """This will give the named owners, the largest share first."""
    return list(business.owners.filter(left_at=None).order_by("-share_percent", "pk"))


def shares_named(business: Business) -> Decimal:
    """This will add up the shares of the named owners, in percent."""
    standing = business.owners.filter(left_at=None)
    return standing.aggregate(sum=Sum("share_percent", default=Decimal(0)))["sum"]


def fingerprint_of(business: Business) -> str:
    """
    This will give one fingerprint of a registration as the bank checks it: company, owners, mandate
    and team, and when it was sent.
    """
    company = Business.objects.values(
        "name", "registration_no", "kra_pin", "sector", "nature", "address", "submitted_at"
    ).get(pk=business.pk)
    members = business.members.filter(left_at=None).order_by("pk")
    owners = business.owners.filter(left_at=None).order_by("pk")
    facts = {
        **company,
        "owners": list(owners.values_list("full_name", "national_id_index", "share_percent")),
        "bands": [(one.up_to, one.needed, one.maker_counts) for one in bands_of(business)],
        "team": list(members.values_list("customer", "role")),
    }
    return digest_of({"business": business.pk, **facts})


def submitted() -> QuerySet[Business]:
    """This will give the registrations that wait for the bank, the oldest first."""
    return Business.objects.filter(state=BusinessState.SUBMITTED).order_by("submitted_at", "pk")


def banking() -> QuerySet[Business]:
    """This will give the businesses that bank here, the newest first."""
    return Business.objects.filter(state__in=BANKING).order_by("-activated_at", "-pk")


def with_new_papers() -> QuerySet[Business]:
    """
    This will give the businesses that bank here and sent a paper which nobody decided on yet, with
    the moment of the oldest as `sent_at`; the oldest first.
    """
    sent = Document.objects.filter(owner_ref=OuterRef("ref"), state=Document.State.STAGED)
    sent = sent.exclude(kind__in=Document.TURNOVER)  # Read with the loan that it is for.
    oldest = Subquery(sent.order_by("uploaded_at").values("uploaded_at")[:1])
    return (
        banking()
        .annotate(ref=OWNER_REF, sent_at=oldest)
        .filter(sent_at__isnull=False)
        .order_by("sent_at", "pk")
    )


def changes_for_the_bank() -> QuerySet[Change]:
    """This will give the changes of sole directors, for whom the bank stands in; oldest first."""
    at_work = Q(
        business__members__role=Role.DIRECTOR,
        business__members__left_at=None,
        business__members__customer__status=Customer.Status.ACTIVE,
    )
    waiting = Change.objects.filter(state=ChangeState.PENDING, expires_at__gt=Now())
    sole = waiting.annotate(directors=Count("business__members", filter=at_work, distinct=True))
    return sole.filter(directors__lt=2).select_related("business", "made_by").order_by("made_at")


def resolution_of(business: Business) -> Resolution | None:
    """This will give the standing resolution, if the directors have one."""
    return business.resolutions.filter(replaced_at=None).first()


def unsigned_directors(business: Business) -> list[Customer]:
    """This will give the directors who have not signed the standing resolution."""
    directors = with_role(business, Role.DIRECTOR)
    standing = resolution_of(business)
    if standing is None:
        return directors
    signed = set(standing.signatures.values_list("signer", flat=True))
    return [person for person in directors if person.pk not in signed]


def invitations_of(business: Business) -> list[Invitation]:
    """This will give the invitations that nobody has answered yet, the newest first."""
    waiting = (InvitationState.PROPOSED, InvitationState.OPEN)
    return list(business.invitations.filter(state__in=waiting).order_by("-pk"))


def changes_of(business: Business, *, at: datetime) -> list[Change]:
    """This will give the changes that wait for a second director."""
    waiting = business.changes.filter(state=ChangeState.PENDING, expires_at__gt=at)
    return list(waiting.select_related("made_by", "business").order_by("pk"))


def change_of(business: Business, *, public_id: UUID) -> Change:
    """
    This will give one change of a business.

    :raises NoSuchBusiness: if it has no such change.
    """
    found = business.changes.select_related("made_by", "business").filter(public_id=public_id)
    if not found:
        raise NoSuchBusiness
    return found[0]


def person_of(change: Change) -> str:
    """This will name the person whom a change is about; a change of the mandate is about nobody."""
    if "invitation" in change.payload:
        return Invitation.objects.get(pk=change.payload["invitation"]).full_name
    if "customer" in change.payload:
        return Customer.objects.get(pk=change.payload["customer"]).full_name
    return ""


def invitation_by(token: str, *, at: datetime) -> Invitation:
    """
    This will give the open invitation behind a link.

    :raises InvitationOver: if there is none: answered, withdrawn, too old, or never made.
    """
    found = (
        Invitation.objects.select_related("business", "invited_by")
        .filter(token_hash=token_hash(token), state=InvitationState.OPEN, expires_at__gt=at)
        .first()
    )
    if found is None:
        raise InvitationOver
    return found


def invitations_to(user: User, *, at: datetime) -> list[Invitation]:
    """This will give the open invitations to what a login has proved to own."""
    return list(
        Invitation.objects.select_related("business", "invited_by")
        .filter(contact_index__in=contacts_of(user), state=InvitationState.OPEN, expires_at__gt=at)
        .order_by("-pk")
    )


def contacts_of(user: User) -> set[str]:
    """This will give the keyed hashes of the phone and e-mail addresses that a login proved."""
    proved = [user.phone] if user.phone and user.is_phone_verified else []
    proved += EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {contact_index(contact) for contact in proved}


def contact_index(contact: str) -> str:
    """This will give the keyed hash under which an invited phone or e-mail is found."""
    return blind_index(contact.strip().lower(), context="invitation.contact")


def token_hash(token: str) -> str:
    """This will give what is kept of a link's token: 256 random bits need no key."""
    return hashlib.sha256(token.encode()).hexdigest()


def _gathered(rows: Iterable[Member]) -> list[Membership]:
    people: dict[tuple, list[Member]] = {}
    for row in rows:
        people.setdefault((row.business_id, row.customer_id), []).append(row)
    return [
        Membership(own[0].business, own[0].customer, frozenset(row.role for row in own))
        for own in people.values()
    ]
