"""
Registering a business, step by step, by the customer who becomes its first director. What is told
can be changed until it is sent; then the bank checks it and decides (`opening`).
"""

import hashlib
import re
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.businesses import mandates, queries, screening
from accounts.businesses.mandates import Band
from accounts.businesses.models import (
    KRA_PIN,
    REGISTRATION_NO,
    TIER,
    BeneficialOwner,
    Business,
    Member,
)
from accounts.businesses.queries import Role
from accounts.businesses.refusals import (
    BadKraPin,
    BadRegistrationNo,
    BusinessKnown,
    IntentChanged,
    NotADraft,
    NotComplete,
    OwnerNamedTwice,
    SharesTooMany,
    ShareTooSmall,
)
from accounts.businesses.resolution_models import Resolution, ResolutionSignature
from accounts.businesses.states import BANKING, BUSINESSES, BusinessState
from accounts.customers import names
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.customers.queries import id_index
from ledger.controls import audit
from wekeza.kit.actor import Actor

LEAST_SHARE, WHOLE = Decimal(10), Decimal(100)  # kenya.md 7.1: owners of a tenth or more.
FOUNDER = (Role.DIRECTOR, Role.SIGNATORY, Role.MAKER)
_TAKEN = Q(state__in=[BusinessState.SUBMITTED, *BANKING])


@transaction.atomic
def begin(founder: Customer, *, at: datetime, actor: Actor, **company) -> Business:
    """
    This will start the registration of a company, with the founder as its first director, who signs
    and prepares payments too. Company facts as of `tell_company`. The same founder's unsent one
    with this number is gone on with (CK04).

    :raises BadRegistrationNo: BadKraPin or BusinessKnown, as `tell_company`.
    """
    company = check_company(**company)
    Customer.objects.select_for_update(of=("self",)).get(pk=founder.pk)
    number = company["registration_no"]
    mine = Business.objects.filter(members__customer=founder, members__left_at=None)
    known = mine.filter(state=BusinessState.DRAFT, registration_no=number).first()
    if known is not None:
        tell_company(known, at=at, actor=actor, **company)
        return known
    business = Business.objects.create(tier_id=TIER, **company)
    Member.objects.bulk_create(
        Member(business=business, customer=founder, role=role, joined_at=at) for role in FOUNDER
    )
    audit.record(actor=actor, deed="business.begun", subject=business, registration_no=number)
    return business


@transaction.atomic
def tell_company(business: Business, *, at: datetime, actor: Actor, **company) -> None:
    """
    This will keep name, registration_no, kra_pin, sector, nature and address of a company that
    registers.

    :raises BadRegistrationNo: if the number has not the shape of one (kenya.md 7.2).
    :raises BadKraPin: if the PIN is none of a company.
    :raises BusinessKnown: if a company with this number or PIN banks here.
    :raises NotADraft: if the registration was sent.
    """
    company = check_company(**company)
    row = _draft(business, at=at)
    for name, value in company.items():
        setattr(row, name, value)
        setattr(business, name, value)
    row.save(update_fields=[*company, "updated_at"])
    audit.record(actor=actor, deed="business.company_told", subject=row)


def check_company(*, registration_no: str, kra_pin: str, **others) -> dict:
    """
    This will look at number and PIN of a company and give all facts as they are kept.

    :raises BadRegistrationNo: BadKraPin or BusinessKnown, as `tell_company`.
    """
    registration_no = re.sub(r"\s", "", registration_no).upper()
    kra_pin = re.sub(r"\s", "", kra_pin).upper()
    if not re.fullmatch(REGISTRATION_NO, registration_no, re.ASCII):
        raise BadRegistrationNo
    if not re.fullmatch(KRA_PIN, kra_pin, re.ASCII):
        raise BadKraPin
    same = Q(registration_no=registration_no) | Q(kra_pin=kra_pin)
    if Business.objects.filter(_TAKEN, same).exists():
        raise BusinessKnown
    return {"registration_no": registration_no, "kra_pin": kra_pin, **others}


@transaction.atomic
def name_owner(
    business: Business,
    *,
    full_name: str,
    national_id: str,
    share_percent: Decimal,
    at: datetime,
    actor: Actor,
) -> BeneficialOwner:
    """
    This will name a natural person who owns a tenth of the company or more (CK04, kenya.md 7.1).

    :raises BadName: OneName if the name is not two names or more in letters.
    :raises BadNationalId: if the ID is not 6 to 9 digits.
    :raises ShareTooSmall: if the share is not 10 to 100 percent.
    :raises SharesTooMany: if all shares together would be above 100.
    :raises OwnerNamedTwice: if somebody with this ID is named.
    :raises NotADraft: if the registration was sent.
    """
    full_name = names.tidied(full_name)
    customers.check_name(full_name)
    customers.check_id(national_id)
    if not LEAST_SHARE <= share_percent <= WHOLE:
        raise ShareTooSmall
    row = _draft(business, at=at)
    named = queries.shares_named(row)
    if named + share_percent > WHOLE:
        sums = {"together": named + share_percent, "left": WHOLE - named}
        raise SharesTooMany(**{word: f"{share.normalize():f}" for word, share in sums.items()})
    index = id_index(national_id)
    if row.owners.filter(national_id_index=index, left_at=None).exists():
        raise OwnerNamedTwice
    owner = BeneficialOwner.objects.create(
        business=row,
        full_name=full_name,
        national_id=national_id,
        national_id_index=index,
        share_percent=share_percent,
    )
    audit.record(actor=actor, deed="business.owner_named", subject=row, owner=owner.pk)
    screening.screen_owner(owner, at=at, actor=actor)
    return owner


@transaction.atomic
def forget_owner(business: Business, *, owner: int, at: datetime, actor: Actor) -> None:
    """
    This will take an owner off the list again; who is not on it is no error. Of whom screening has
    a case the row is kept, and the case goes on.

    :raises NotADraft: if the registration was sent.
    """
    row = _draft(business, at=at)
    for known in row.owners.filter(pk=owner, left_at=None):
        if screening.has_case(known):
            known.left_at = at
            known.save(update_fields=["left_at", "updated_at"])
        else:
            known.delete()
    audit.record(actor=actor, deed="business.owner_forgotten", subject=row, owner=owner)


@transaction.atomic
def choose_mandate(business: Business, *, bands: list[Band], at: datetime, actor: Actor) -> None:
    """
    This will keep who must approve which amounts, while the company registers.

    :raises BadMandate: if the lines are none, or ask for more people than sign or are invited to.
    :raises NotADraft: if the registration was sent.
    """
    row = _draft(business, at=at)
    mandates.check_bands(bands, signatories=_signatories_to_come(row))
    mandates.install(row, bands=bands, at=at, actor=actor)


def resolution_text(business: Business, *, language: str) -> str:
    """This will write the directors' resolution about the company as it is told now."""
    facts = {
        "business": business,
        "owners": queries.owners_of(business),
        "bands": queries.bands_of(business),
        "is_sole": queries.is_sole_director(business) and not queries.invites_director(business),
    }
    with translation.override(language):
        text = render_to_string("accounts/businesses/texts/resolution.txt", facts)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def text_hash(text: str) -> str:
    """This will give the SHA-256, in hex, of what was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def resolve(
    business: Business, *, seen: str, language: str, at: datetime, actor: Actor
) -> Resolution:
    """
    This will keep the resolution word for word, signed by the director who acts. `seen` is the hash
    of the text that was shown.

    :raises NotComplete: if owners or mandate are missing.
    :raises IntentChanged: if the text is another by now.
    :raises NotADraft: if the registration was sent.
    """
    member = _director(business, actor=actor)
    row = _draft(business, at=at, keeps_resolution=True)
    _check_told(row)
    text = resolution_text(row, language=language)
    if text_hash(text) != seen:
        raise IntentChanged
    standing = queries.resolution_of(row)
    if standing is None or standing.text_hash != seen:
        _void_resolution(row, at=at)
        standing = Resolution.objects.create(
            business=row, text=text, text_hash=seen, language=language
        )
    _sign_resolution(standing, signer=member.customer, at=at, actor=actor)
    return standing


@transaction.atomic
def sign_resolution(business: Business, *, seen: str, at: datetime, actor: Actor) -> None:
    """
    This will put one more director's signature under the standing resolution, once.

    :raises IntentChanged: if it is not the text that was shown.
    """
    member = _director(business, actor=actor)
    standing = queries.resolution_of(business)
    if standing is None or standing.text_hash != seen:
        raise IntentChanged
    _sign_resolution(standing, signer=member.customer, at=at, actor=actor)


@transaction.atomic
def submit(business: Business, *, at: datetime, actor: Actor) -> None:
    """
    This will send a registration to the bank; sent before, it stays sent.

    :raises NotComplete: if something is missing, or the founder has not signed the resolution.
    :raises BusinessKnown: if such a company came to bank here meanwhile.
    """
    member = _director(business, actor=actor)
    row = Business.objects.select_for_update().get(pk=business.pk)
    if row.state == BusinessState.SUBMITTED:
        return
    _draft(row, at=at, keeps_resolution=True)
    _check_told(row)
    unsigned = {person.pk for person in queries.unsigned_directors(row)}
    if member.customer.pk in unsigned:
        raise NotComplete(missing=_("your signature under the resolution"))
    check_company(registration_no=row.registration_no, kra_pin=row.kra_pin)
    try:
        with transaction.atomic():
            BUSINESSES.move(row, to=BusinessState.SUBMITTED, submitted_at=at, updated_at=at)
    except IntegrityError as error:  # Two registered one company side by side.
        raise BusinessKnown from error
    audit.record(actor=actor, deed="business.submitted", subject=row)
    screening.screen_people(row, at=at, actor=actor)


def _draft(business: Business, *, at: datetime, keeps_resolution: bool = False) -> Business:
    """The locked row, if it can still be changed; what the directors signed no longer holds."""
    row = Business.objects.select_for_update().get(pk=business.pk)
    if not row.is_draft:
        raise NotADraft(state=row.get_state_display())
    if not keeps_resolution:
        _void_resolution(row, at=at)
    return row


def _void_resolution(row: Business, *, at: datetime) -> None:
    row.resolutions.filter(replaced_at=None).update(replaced_at=at, updated_at=at)


def _director(business: Business, *, actor: Actor) -> queries.Membership:
    member = queries.membership(actor, business)
    member.must(Role.DIRECTOR)
    return member


def _check_told(row: Business) -> None:
    if not queries.owners_of(row):
        raise NotComplete(missing=_("the owners"))
    if not queries.bands_of(row):
        raise NotComplete(missing=_("who must approve payments"))


def _sign_resolution(standing: Resolution, *, signer: Customer, at: datetime, actor) -> None:
    _row, is_new = ResolutionSignature.objects.get_or_create(
        resolution=standing, signer=signer, defaults={"signed_at": at}
    )
    if is_new:
        audit.record(
            actor=actor,
            deed="business.resolution_signed",
            subject=standing,
            text_hash=standing.text_hash,
        )


def _signatories_to_come(row: Business) -> int:
    invited = [one for one in queries.invitations_of(row) if Role.SIGNATORY in one.roles]
    return len(queries.with_role(row, Role.SIGNATORY)) + len(invited)
