"""Reads of customers: who is one, how far somebody is with becoming one, how old a person is."""

from datetime import date, datetime

from accounts.access.models import User
from accounts.customers.models import Application, Consent, Customer
from accounts.screening.facts import IdNumber, Subject
from ledger.calendar import queries as calendar
from wekeza.kit.encryption import blind_index

HOME = "KE"  # Who has a national ID of Kenya is a citizen of it.
GROWN_UP = 18  # CK07: accounts are opened from 18 on.


def customer_of(user: User) -> Customer | None:
    """This will give the customer behind a login, if there is one."""
    return Customer.objects.filter(user=user).first()


def customer_by_id(national_id: str) -> Customer | None:
    """This will find the customer with exactly this national ID."""
    return Customer.objects.filter(national_id_index=id_index(national_id)).first()


def id_index(national_id: str) -> str:
    """This will give the keyed hash under which a national ID is found."""
    return blind_index(national_id, context="customer.national_id")


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
