"""factory_boy factories of the accounts floor: customers with a login, and accounts with money."""

from datetime import UTC, date, datetime

import factory
from django.db import transaction

from accounts.access import pins
from accounts.access.models import User
from accounts.access.queries import phone_index
from accounts.customers.models import Customer
from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from ledger import factories as ledger_factories
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.encryption import blind_index

PASSWORD = "a quiet river at noon"  # noqa: S105 - the password of every test login.
PIN = "2580"


class UserFactory(factory.django.DjangoModelFactory):
    """A login whose e-mail and phone are confirmed."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"customer{n}@example.com")
    phone = factory.Sequence(lambda n: f"+2547{n:08d}")
    is_phone_verified = True
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, **facts):
        facts["phone_index"] = phone_index(facts["phone"])
        return model_class.objects.create_user(**facts)


class CustomerFactory(factory.django.DjangoModelFactory):
    """A customer of tier 1 who can sign in (PASSWORD) and authorise (PIN)."""

    class Meta:
        model = Customer

    user = factory.SubFactory(UserFactory)
    full_name = "Amina Wambui Njeri"
    national_id = factory.Sequence(lambda n: f"{10_000_000 + n}")
    date_of_birth = date(1994, 3, 27)
    tier_id = "TIER_1"

    @classmethod
    def _create(cls, model_class, *args, **facts):
        index = blind_index(facts["national_id"], context="customer.national_id")
        with transaction.atomic():
            customer = model_class.objects.create(national_id_index=index, **facts)
            pins.choose(
                user=customer.user, pin=PIN, date_of_birth=customer.date_of_birth, actor=SYSTEM
            )
        return customer


class DepositAccountFactory(factory.django.DjangoModelFactory):
    """An everyday account; its balance was paid in at a counter, in KES."""

    class Meta:
        model = DepositAccount

    customer = factory.SubFactory(CustomerFactory)
    balance = "0"

    @classmethod
    def _create(cls, model_class, *args, **facts):
        account = deposits.open_everyday(
            customer=facts["customer"], actor=actor_of(facts["customer"]), at=datetime.now(UTC)
        )
        if facts["balance"] not in {0, "0"}:
            ledger_factories.put_in(account.ledger_account, facts["balance"])
        return account


def actor_of(customer: Customer) -> Actor:
    """This will give the actor that a customer's own session is."""
    return Actor("CUSTOMER", str(customer.pk), person=f"customer:{customer.pk}")
