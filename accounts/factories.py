"""
factory_boy factories of the accounts floor: customers who registered, and accounts with money.
`_create` calls the operations, as the pages do.
"""

from datetime import UTC, date, datetime, timedelta

import factory
from django.db import transaction

from accounts.access import operations as access
from accounts.access.models import User
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from accounts.monitoring import operations as monitoring
from accounts.monitoring.models import Alert
from accounts.staff import operations as staff
from accounts.staff.models import Branch, Role, StaffMember
from ledger import factories as ledger_factories
from ledger.approvals import operations as approvals
from wekeza.kit.actor import SYSTEM, Actor

PASSWORD = "a quiet river at noon"  # noqa: S105 - the password of every test login.
PIN = "2580"
# Two persons of the founding, who let the first members of staff in.
MAKER = Actor("TASK", "founding", person="founder:1")
CHECKER = Actor("TASK", "founding", person="founder:2")
ROLES_OF_A_BRANCH = {"TELLER", "HEAD_TELLER", "BRANCH_MANAGER", "LOAN_OFFICER"}


class UserFactory(factory.django.DjangoModelFactory):
    """A login whose e-mail and phone are confirmed."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"customer{n}@example.com")
    phone = factory.Sequence(lambda n: f"+2547{n:08d}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, **facts):
        return access.open_login(**facts)


class CustomerFactory(factory.django.DjangoModelFactory):
    """A customer of tier 1 with an everyday account, who can sign in and authorise (PIN)."""

    class Meta:
        model = Customer

    user = factory.SubFactory(UserFactory)
    full_name = "Amina Wambui Njeri"
    national_id = factory.Sequence(lambda n: f"{10_000_000 + n}")
    date_of_birth = date(1994, 3, 27)
    tier_id = customers.FIRST_TIER

    @classmethod
    def _create(cls, model_class, *args, **facts):
        user, tier, now = facts.pop("user"), facts.pop("tier_id"), datetime.now(UTC)
        customers.tell_details(user, **facts, at=now)
        customers.choose_pin(user, pin=PIN)
        customer = customers.open(
            user, agreed=consents.REQUIRED, language="en", at=now, actor=_unfinished(user)
        )
        if tier != customer.tier_id:
            _raise_tier(customer, tier=tier, at=now)
        return customer


class DepositAccountFactory(factory.django.DjangoModelFactory):
    """
    A customer's everyday account, its balance in KES paid in at a counter. It is the one that came
    with registering, unless `is_another` asks for one more.
    """

    class Meta:
        model = DepositAccount

    customer = factory.SubFactory(CustomerFactory)
    balance = "0"
    is_another = False

    @classmethod
    def _create(cls, model_class, *args, **facts):
        customer = facts["customer"]
        if facts["is_another"]:
            account = deposits.open_everyday(
                customer=customer, actor=actor_of(customer), at=datetime.now(UTC)
            )
        else:
            account = customer.deposit_accounts.select_related("ledger_account").get()
            account.customer = customer
        if str(facts["balance"]) != "0":
            ledger_factories.put_in(account.ledger_account, facts["balance"])
        return account


def actor_of(customer: Customer) -> Actor:
    """This will give the actor that a customer's own session is."""
    return customer.actor


def _unfinished(user: User) -> Actor:
    return Actor("LOGIN", str(user.pk), person=f"login:{user.pk}")


def _raise_tier(customer: Customer, *, tier: str, at: datetime) -> None:
    # Only the first tier can be had without a banker, who comes with a later issue.
    customer.tier_id = tier
    customer.save(update_fields=["tier", "updated_at"])
    for account in customer.deposit_accounts.all():
        deposits.follow_tier(account, actor=SYSTEM, at=at)


class StaffMemberFactory(factory.django.DjangoModelFactory):
    """Somebody at work with a role, in one branch; two persons of the founding let them in."""

    class Meta:
        model = StaffMember

    user = factory.SubFactory(
        UserFactory, email=factory.Sequence(lambda n: f"staff{n}@example.com")
    )
    full_name = "Wanjiru Achieng Mutua"
    national_id = factory.Sequence(lambda n: f"{60_000_000 + n}")
    branch_id = "001"
    role_id = "SUPPORT"
    in_every_branch = factory.LazyAttribute(lambda it: it.role_id not in ROLES_OF_A_BRANCH)

    @classmethod
    def _create(cls, model_class, *args, **facts):
        branch = Branch.objects.get(pk=facts.pop("branch_id"))
        role = Role.objects.get(pk=facts.pop("role_id"))
        now = datetime.now(UTC)
        asked = staff.invite(
            facts.pop("user"), **facts, branch=branch, role=role, reason="Test", actor=MAKER, at=now
        )
        approvals.approve(asked, digest=asked.digest, actor=CHECKER, at=now)
        return StaffMember.objects.select_related("user").get(pk=asked.payload["staff"])


def staff_actor(member: StaffMember) -> Actor:
    """This will give the actor that a member of staff's own session is."""
    return Actor("STAFF", str(member.user_id), person=member.person)


class AlertFactory(factory.django.DjangoModelFactory):
    """
    An alert for structuring: three cash deposits of KES 800,000, two days between them, the last
    one at `at`, and the monitor that looked at them.
    """

    class Meta:
        model = Alert

    customer = factory.SubFactory(CustomerFactory, tier_id="TIER_3")
    at = factory.LazyFunction(lambda: datetime.now(UTC))

    @classmethod
    def _create(cls, model_class, *args, **facts):
        account = DepositAccountFactory(customer=facts["customer"])
        paid = [
            ledger_factories.put_in(
                account.ledger_account, "800000", at=facts["at"] - timedelta(days=days)
            ).entry_id
            for days in (4, 2, 0)
        ]
        with transaction.atomic():
            monitoring.look_at((paid[0], paid[-1]), at=facts["at"], actor=SYSTEM)
        rows = Alert.objects.select_related("customer", "rule")
        return rows.get(customer=facts["customer"])
