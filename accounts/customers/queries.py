"""Reads of customers: who is one, how far somebody is with becoming one, how old a person is."""

from datetime import date, datetime
from uuid import UUID

from accounts.access.models import User
from accounts.customers.models import Application, Consent, Customer
from accounts.customers.refusals import NoSuchCustomer
from ledger.calendar import queries as calendar
from wekeza.kit import persons
from wekeza.kit.actor import Actor

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


def account_numbers(customer: Customer) -> list[str]:
    """This will give the numbers of a customer's accounts, the oldest first."""
    return list(customer.deposit_accounts.order_by("pk").values_list("number", flat=True))


def id_index(national_id: str) -> str:
    """This will give the keyed hash under which a national ID is found."""
    return persons.id_index(national_id)


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
