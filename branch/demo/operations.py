"""Making the demo bank's people and their first day, by the operations that the pages use."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.access import operations as access
from accounts.access.models import User
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from branch.demo.logins import Login
from branch.demo.people import Person
from ledger.money import parse
from payments.topups import operations as topups
from payments.transfers import operations as transfers
from wekeza.kit.actor import Actor


def take_on(person: Person, *, login: Login, at: datetime) -> Customer:
    """
    This will register somebody with confirmed contacts, open the account and top it up; a second
    time it gives the same customer and adds nothing.
    """
    user = User.objects.filter(email=person.email).first() or access.open_login(
        email=person.email, phone=person.phone, password=login.password
    )
    if not hasattr(user, "customer"):
        customers.tell_details(
            user,
            full_name=person.full_name,
            national_id=person.national_id,
            date_of_birth=person.date_of_birth,
            at=at,
        )
        customers.choose_pin(user, pin=login.pin)
        customers.open(
            user,
            agreed=consents.REQUIRED,
            language="en",
            at=at,
            actor=Actor("LOGIN", str(user.pk), person=f"login:{user.pk}"),
        )
    customer = Customer.objects.get(user=user)
    account = account_of(customer)
    for number, amount in enumerate(person.adds):
        topups.top_up(
            reference=_key(f"{person.email}/topup/{number}"),
            account=account,
            money=parse(amount),
            at=at,
            actor=actor_of(customer),
        )
    return customer


def pay(
    *, payer: Customer, payee: Customer, amount: str, reason: str, key: str, pin: str, at: datetime
) -> None:
    """This will send money from one person to another by PIN, once for each `key`."""
    source, actor = account_of(payer), actor_of(payer)
    draft = transfers.draft(
        reference=_key(key),
        source=source,
        payee=deposit_queries.find_payee(payee.user.phone, source=source),
        money=parse(amount),
        reason=reason,
        at=at,
        actor=actor,
    )
    transfers.authorise_and_send(draft, secret=pin, at=at, actor=actor)


def account_of(customer: Customer) -> DepositAccount:
    """This will give somebody's everyday account."""
    return customer.deposit_accounts.select_related("customer", "ledger_account").first()


def actor_of(customer: Customer) -> Actor:
    """This will give the actor that somebody's own session is."""
    return Actor("CUSTOMER", str(customer.pk), person=f"customer:{customer.pk}")


def _key(text: str) -> UUID:
    """The same key for the same deed, so that a bank that was cut short can be finished."""
    return uuid5(NAMESPACE_URL, f"https://wekeza.example/demo/{text}")
