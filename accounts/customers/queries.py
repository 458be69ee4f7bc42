"""Reads of customers: who is one, how far somebody is with becoming one, how old a person is."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.access.models import User
from accounts.customers.models import (
    Address,
    Application,
    Consent,
    Customer,
    FurtherPhone,
    ProfileChange,
)
from accounts.customers.refusals import NoSuchContact, NoSuchCustomer
from accounts.customers.states import ChangeState
from accounts.screening.facts import IdNumber, Subject
from ledger.calendar import queries as calendar
from wekeza.kit import persons
from wekeza.kit.actor import Actor

HOME = "KE"  # Who has a national ID of Kenya is a citizen of it.
GROWN_UP = 18  # CK07: accounts are opened from 18 on.


def customer_of(user: User) -> Customer | None:
    """This will give the customer behind a login, if there is one."""
    return Customer.objects.filter(user=user).first()


def customer_by_id(national_id: str) -> Customer | None:
    """This will find the customer with exactly this national ID."""
    return Customer.objects.filter(national_id_index=id_index(national_id)).first()


def one_by(actor: Actor, *, public_id: UUID | None = None) -> Customer:
    """
    This will give the customer who acts, if it is the one who is asked for.

    :raises NoSuchCustomer: if the actor is none, or another one.
    """
    if actor.kind == "CUSTOMER":
        found = Customer.objects.filter(pk=int(actor.ref)).first()
        if found is not None and public_id in {None, found.public_id}:
            return found
    raise NoSuchCustomer


def is_being_checked(customer: Customer) -> bool:
    """This will say whether an officer looks at what a customer sent for a higher tier."""
    return customer.submissions.filter(state="SENT").exists()


def account_numbers(customer: Customer) -> list[str]:
    """This will give the numbers of a customer's accounts, the oldest first."""
    return list(customer.deposit_accounts.order_by("pk").values_list("number", flat=True))


def id_index(national_id: str) -> str:
    """This will give the keyed hash under which a national ID is found."""
    return persons.id_index(national_id)


def screening_subject(customer: Customer) -> Subject:
    """This will give what a customer told about themselves, as screening compares it."""
    return Subject(
        owner_ref=customer.owner_ref,
        names=(customer.full_name,),
        date_of_birth=customer.date_of_birth,
        nationalities=(HOME,),
        ids=(IdNumber(customer.national_id, HOME),),
    )


def application_of(user: User) -> Application:
    """This will give what somebody who registers has told so far; an unsaved one at first."""
    return Application.objects.filter(user=user).first() or Application(user=user)


def age_on(born: date, *, at: datetime) -> int:
    """
    This will give a person's age in whole years on the Nairobi calendar day of `at`. Who was born
    on 29 February grows older on 1 March of common years.
    """
    today = calendar.nairobi_date(at)
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1)


def standing_consents(customer: Customer) -> list[Consent]:
    """This will give what a customer agrees to now."""
    return list(customer.consents.filter(withdrawn_at=None).order_by("kind"))


def phones_of(customer: Customer) -> list[FurtherPhone]:
    """This will give a customer's phones beside the main one, the oldest first."""
    return list(customer.further_phones.order_by("pk"))


def addresses_of(customer: Customer) -> list[Address]:
    """This will give a customer's addresses, the main one first."""
    return list(customer.addresses.order_by("-is_main", "pk"))


def main_address_of(customer: Customer) -> str:
    """This will give the main address in one line; empty if there is none."""
    main = customer.addresses.filter(is_main=True).first()
    return address_words(main) if main else ""


def address_words(address: Address) -> str:
    """This will give an address in one line."""
    parts = (address.line, address.town, address.get_county_display() if address.county else "")
    return ", ".join(part for part in parts if part)


def changes_of(customer: Customer) -> list[ProfileChange]:
    """This will give what a customer asked to have corrected, the newest first."""
    return list(customer.changes.order_by("-pk"))


def changes_waiting() -> QuerySet[ProfileChange]:
    """This will give the corrections that nobody has decided, the oldest first."""
    waiting = ProfileChange.objects.filter(state=ChangeState.WAITING).order_by("asked_at", "pk")
    return waiting.select_related("customer")


def phone_of(customer: Customer, public_id: UUID) -> FurtherPhone:
    """
    This will give one further phone of a customer.

    :raises NoSuchContact: if it is not theirs; another's and none look the same.
    """
    return _one(customer.further_phones.select_related("customer__user"), public_id)


def address_of(customer: Customer, public_id: UUID) -> Address:
    """
    This will give one address of a customer.

    :raises NoSuchContact: if it is not theirs.
    """
    return _one(customer.addresses.select_related("customer"), public_id)


def change_of(customer: Customer, public_id: UUID) -> ProfileChange:
    """
    This will give one request of a customer.

    :raises NoSuchContact: if it is not theirs.
    """
    return _one(customer.changes, public_id)


def consents_of(customer: Customer) -> list[tuple[str, Consent | None]]:
    """This will give every kind of consent with the one that stands, if one does."""
    standing = {consent.kind: consent for consent in standing_consents(customer)}
    return [(kind, standing.get(kind)) for kind in Consent.Kind]


def _one(rows, public_id):
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NoSuchContact()
    return row


def held_on(customer: Customer) -> dict:
    """This will give who the customer is to the bank, for the copy of their data."""
    return {
        "full_name": customer.full_name,
        "national_id": customer.national_id,
        "date_of_birth": customer.date_of_birth,
        "occupation": customer.occupation,
        "level": customer.tier.label,
        "verified": customer.kyc_status,
        "status": customer.outward_status,
        "since": customer.created_at,
    }


def contacts_held_on(customer: Customer) -> dict:
    """This will give how the customer is reached."""
    user = customer.user
    return {
        "main_phone": user.phone,
        "further_phones": [
            {"phone": row.phone, "confirmed": row.confirmed_at} for row in phones_of(customer)
        ],
        "e_mail_addresses": [
            {"e_mail": row.email, "main": row.primary, "confirmed": row.verified}
            for row in user.emailaddress_set.order_by("pk")
        ],
        "addresses": [
            {
                "kind": row.kind,
                "address": row.line,
                "town": row.town,
                "county": row.get_county_display(),
                "main": row.is_main,
            }
            for row in addresses_of(customer)
        ],
    }


def consents_held_on(customer: Customer) -> list[dict]:
    """This will give what the customer agreed to and took back, the newest first."""
    return [
        {
            "kind": row.kind,
            "version": row.version,
            "text_sha256": row.text_hash,
            "language": row.language,
            "channel": row.channel,
            "given": row.given_at,
            "withdrawn": row.withdrawn_at,
        }
        for row in customer.consents.order_by("-pk")
    ]


def changes_held_on(customer: Customer) -> list[dict]:
    """This will give what the customer asked to have corrected."""
    return [
        {
            "detail": row.field,
            "before": row.before,
            "asked_for": row.after,
            "reason": row.reason,
            "state": row.state,
            "asked": row.asked_at,
            "decided": row.decided_at,
            "answer": row.answer,
        }
        for row in changes_of(customer)
    ]
