"""
factory_boy factories for loans. Each calls the operations: money is posted, a decision is decided.
"""

from uuid import uuid4

import factory
from django.utils import timezone

from accounts.businesses import queries as business_queries
from accounts.businesses.models import Member
from accounts.documents import operations as documents
from accounts.factories import PIN, STAFF, BusinessFactory, CustomerFactory, actor_of, photo
from accounts.registry.models import IdentityCheck
from ledger.calendar import queries as calendar
from ledger.factories import put_in
from ledger.money import Money, kes
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.business import operations as business_loans
from lending.business import queries as lending_queries
from lending.business.operations import BusinessWish
from lending.business.told import Evidence, Security, Told
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


class BusinessApplicationFactory(factory.django.DjangoModelFactory):
    """
    A business's application for working capital that was answered: 500,000 for a year on a turnover
    of 4,000,000 and earnings of 900,000 that audited accounts show, which an officer accepted.
    `came_in` is KES that came to its account here; `told` are other figures. The bureau must be set
    up.
    """

    class Meta:
        model = LoanApplication

    business = factory.SubFactory(BusinessFactory)
    sector = "ICT"
    amount = "500000"
    tenor = 12
    came_in = "2400000"
    is_read = True
    reference = factory.LazyFunction(uuid4)

    @classmethod
    def _create(cls, model_class, *args, **facts):
        business, at = facts.pop("business"), facts.pop("at", None) or timezone.now()
        came_in, is_read = facts.pop("came_in"), facts.pop("is_read")
        director = facts.pop("director", None) or directors_of(business)[0]
        if came_in:
            account = business.deposit_accounts.select_related("ledger_account").get()
            put_in(account.ledger_account, came_in, at=at)
        reference, by = facts.pop("reference"), {"at": at, "actor": actor_of(director)}
        asked = business_loans.apply(
            business, wish=business_wish(business, is_read=is_read, **by, **facts),
            reference=reference, **by,
        )  # fmt: skip
        return business_loans.answer(asked, at=at)


def directors_of(business) -> list:
    """This will give the directors of a business, the founder first."""
    return business_queries.with_role(business, Member.Role.DIRECTOR)


def business_wish(business, *, at, actor, is_read: bool = True, **facts) -> BusinessWish:
    """This will make a business's wish, and send the paper that it takes."""
    offer = lending_queries.offer_on(calendar.business_date())
    evidence = facts.pop("evidence", Evidence.AUDITED)
    amount, tenor = kes(facts.pop("amount", "500000")), facts.pop("tenor", 12)
    told = {
        "evidence": evidence, "turnover": kes("4000000"), "ebitda": kes("900000"),
        "debt_monthly": kes("0"), "largest_customer_percent": 25, "years_trading": 6,
        "security": Security.NONE, "security_value": kes("0"),
    }  # fmt: skip
    sector = lending_queries.sectors(offer)[facts.pop("sector", "ICT")]
    paper = None
    if evidence != Evidence.DECLARED:
        content = photo(shade=len(business.owner_ref))
        paper = business_loans.send_paper(
            business, evidence=evidence, content=content, at=at, actor=actor
        )
    if paper is not None and is_read and paper.state == paper.State.STAGED:
        documents.approve(paper, actor=STAFF, at=at)
    return BusinessWish(
        term=offer.term, amount=amount, tenor=tenor, told=Told(sector=sector, **told | facts),
        consent=consents.given(language="en", text=consents.OF_BUSINESS), document=paper,
    )  # fmt: skip


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
        payee=facts.get("payee"),
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
