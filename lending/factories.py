"""
factory_boy factories for loans. Each calls the operations: money is posted, a decision is decided.
"""

from uuid import uuid4

import factory
from django.utils import timezone

from accounts.factories import PIN, CustomerFactory, actor_of
from accounts.registry.models import IdentityCheck
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import Money, kes
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.decisions import consents, operations, taking
from lending.loans.models import Loan
from lending.products import queries as products

DIGI30 = "DIGI30"


class BorrowerFactory(CustomerFactory):
    """
    A newcomer whose phone is their own and who paid in `deposit` KES at a counter just now, as in
    the worked example of kenya.md 4.5.
    """

    deposit = "50000"

    @classmethod
    def _create(cls, model_class, *args, **facts):
        deposit = facts.pop("deposit")
        customer = super()._create(model_class, *args, **facts)
        own_phone(customer)
        if deposit:
            put_in(account_of(customer).ledger_account, deposit, at=timezone.now())
        return customer


class ApplicationFactory(factory.django.DjangoModelFactory):
    """
    An application that was answered, for a 30-day loan unless `product` says another; the bureau
    must be set up.
    """

    class Meta:
        model = LoanApplication

    customer = factory.SubFactory(BorrowerFactory)
    amount = "5000"
    employment = "SELF_EMPLOYED"
    reference = factory.LazyFunction(uuid4)

    @classmethod
    def _create(cls, model_class, *args, **facts):
        customer = facts.pop("customer")
        at, reference = facts.pop("at", None) or timezone.now(), facts.pop("reference")
        asked = operations.apply(
            customer, wish=wish(**facts), reference=reference, at=at, actor=actor_of(customer)
        )
        return operations.answer(asked, at=at)


class LoanFactory(factory.django.DjangoModelFactory):
    """A 30-day loan that was applied for, approved, signed by PIN or code, and paid out."""

    class Meta:
        model = Loan

    application = factory.SubFactory(ApplicationFactory)

    @classmethod
    def _create(cls, model_class, *args, **facts):
        return take(facts["application"], at=facts.get("at"))


def take(application: LoanApplication, *, at=None, secret: str = PIN) -> Loan:
    """This will take what was offered, signing the figures of this moment."""
    customer = application.customer
    return taking.take(
        application,
        figures=taking.offer_of(application).figures,
        secret=secret,
        at=at or timezone.now(),
        actor=actor_of(customer),
    )


def wish(
    *, amount: str | Money = "5000", employment: str = "SELF_EMPLOYED", product: str = DIGI30,
    **facts,
) -> Wish:  # fmt: skip
    """This will make a wish for a 30-day loan, or for another product; pay is in KES a month."""
    term = products.offer(product, on=calendar.business_date()).term
    pay = {name: kes(facts[name]) for name in ("income", "gross") if name in facts}
    return Wish(
        term=facts.get("term", term),
        amount=amount if isinstance(amount, Money) else kes(amount),
        tenor=facts.get("tenor", term.least_tenor),
        employment=employment,
        consent=consents.given(language="en"),
        **pay,
    )


def own_phone(customer) -> None:
    """This will have the network say that a customer's phone is registered to them."""
    now = timezone.now()
    checks = IdentityCheck.objects.filter(customer=customer, kind=IdentityCheck.Kind.PHONE)
    checks.update(state="MATCH", answered_at=now)
    if not checks.exists():
        IdentityCheck.objects.create(
            customer=customer, kind=IdentityCheck.Kind.PHONE, facts_hash="0" * 64, state="MATCH",
            asked_at=now, answered_at=now,
        )  # fmt: skip


def account_of(customer):
    """This will give a customer's everyday account."""
    return customer.deposit_accounts.order_by("pk").first()
