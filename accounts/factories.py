"""
factory_boy factories of the accounts floor: customers who registered, and accounts with money.
`_create` calls the operations, as the pages do.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import factory
from django.db import transaction
from PIL import Image

from accounts.access import operations as access
from accounts.access.models import User
from accounts.businesses import invitations, mandates, opening
from accounts.businesses import operations as businesses
from accounts.businesses import papers as business_papers
from accounts.businesses import queries as business_queries
from accounts.businesses.models import Business, Member
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from accounts.documents import operations as documents
from accounts.documents.models import Document
from accounts.monitoring import operations as monitoring
from accounts.monitoring.models import Alert
from accounts.savings import operations as savings
from accounts.staff import operations as staff
from accounts.staff.models import Branch, Role, StaffMember
from ledger import factories as ledger_factories
from ledger.approvals import operations as approvals
from ledger.calendar import queries as calendar
from ledger.money import Money
from wekeza.kit import sealed_files
from wekeza.kit.actor import SYSTEM, Actor

PASSWORD = "a quiet river at noon"  # noqa: S105 - the password of every test login.
PIN = "2580"
STAFF = Actor("STAFF", "0", person="login:0")
DIRECTOR = (Member.Role.DIRECTOR, Member.Role.SIGNATORY)
# Two persons of the founding, who let the first members of staff in.
MAKER = Actor("TASK", "founding", person="founder:1")
CHECKER = Actor("TASK", "founding", person="founder:2")
# Before any day that a test names, so that a role holds whenever the tests run.
ADMITTED = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
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
            user,
            agreed=consents.REQUIRED,
            seen=consents.hashes(language="en"),
            language="en",
            at=now,
            actor=_unfinished(user),
        )
        if tier != customer.tier_id:
            customers.move_to_tier(customer, tier=tier, actor=SYSTEM, at=now)
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


class SavingsAccountFactory(factory.django.DjangoModelFactory):
    """A savings account of a customer of its own; `balance` is posted as cash before it opens."""

    class Meta:
        model = DepositAccount

    customer = factory.SubFactory(CustomerFactory, tier_id="TIER_3")
    balance = "1000"

    @classmethod
    def _create(cls, model_class, *args, **facts):
        money = Money(Decimal(facts.pop("balance")), "KES")
        everyday = DepositAccountFactory(customer=facts["customer"], balance=money.amount)
        return savings.open_savings(
            source=everyday, money=money, reference=uuid4(), actor=actor_of(everyday.customer),
            at=ledger_factories.NOON,
        )  # fmt: skip


class DocumentFactory(factory.django.DjangoModelFactory):
    """A photo that a customer sent, waiting for a decision; every one is another picture."""

    class Meta:
        model = Document

    customer = factory.SubFactory(CustomerFactory)
    kind = Document.Kind.ID_FRONT
    content = factory.Sequence(lambda n: photo(shade=n))

    @classmethod
    def _create(cls, model_class, *args, **facts):
        customer = facts["customer"]
        if facts["kind"] == Document.Kind.PROOF_OF_ADDRESS:
            facts.setdefault("issued_date", datetime.now(UTC).date())
        more = {"at": datetime.now(UTC), "actor": actor_of(customer)} | facts
        return documents.upload(owner_ref=customer.owner_ref, **more)


def photo(
    *, shade: int = 0, size: tuple[int, int] = (400, 400), form: str = "JPEG", **how
) -> bytes:
    """This will give the bytes of a plain picture, others for each shade."""
    out = BytesIO()
    how = {"comment": str(shade).encode()} | how  # Of near colours, JPEG makes the same bytes.
    Image.new("RGB", size, (shade % 256, shade // 256 % 256, 99)).save(out, form, **how)
    return out.getvalue()


class BusinessFactory(factory.django.DjangoModelFactory):
    """
    A business that the bank activated, with its account. Its founder, a director who signs and
    prepares payments, is joined by `others`: a list of (customer, roles). `bands` are lines of its
    mandate: (up to, signatures, makers count).
    """

    class Meta:
        model = Business

    founder = factory.SubFactory(CustomerFactory, full_name="Achieng Njeri")
    name = "Wekeza Hardware Ltd"
    registration_no = factory.Sequence(lambda n: f"PVT-{n:07d}")
    kra_pin = factory.Sequence(lambda n: f"P{n:09d}K")
    sector = Business.Sector.CONSTRUCTION
    nature = "Sells building materials"
    address = "Kirinyaga Road 12, Nairobi"
    others = ()
    bands = ((None, 1, True),)
    balance = "0"
    has_papers = True
    is_sent = True
    is_active = True

    @classmethod
    def _create(cls, model_class, *args, **facts):
        wishes = {name: facts.pop(name) for name in ("founder", "others", "bands", "balance")}
        is_sent, is_active = facts.pop("is_sent"), facts.pop("is_active")
        has_papers = facts.pop("has_papers")
        founder, now = wishes["founder"], datetime.now(UTC)
        by_founder = {"at": now, "actor": actor_of(founder)}
        business = businesses.begin(founder, **facts, **by_founder)
        join_business(business, *wishes["others"], founder=founder)
        if has_papers:
            accept_papers(business)
        businesses.name_owner(
            business,
            full_name=founder.full_name,
            national_id=founder.national_id,
            share_percent=Decimal("60"),
            **by_founder,
        )
        bands = [
            mandates.Band(up_to and Decimal(up_to), *others) for up_to, *others in wishes["bands"]
        ]
        businesses.choose_mandate(business, bands=bands, **by_founder)
        seen = businesses.text_hash(businesses.resolution_text(business, language="en"))
        businesses.resolve(business, seen=seen, language="en", **by_founder)
        if not is_sent:
            return business
        for director in business_queries.unsigned_directors(business):
            businesses.sign_resolution(business, seen=seen, at=now, actor=actor_of(director))
        businesses.submit(business, **by_founder)
        if not is_active:
            return business
        activate_business(business)
        if wishes["balance"] != "0":
            account = business.deposit_accounts.select_related("ledger_account").get()
            ledger_factories.put_in(account.ledger_account, wishes["balance"])
        return Business.objects.select_related("tier").get(pk=business.pk)


def join_business(business: Business, *others, founder: Customer) -> None:
    """This will invite customers with their roles, and let them accept."""
    for customer, roles in others:
        links: list[str] = []
        invitation = invitations.invite(
            business,
            full_name=customer.full_name,
            contact=customer.user.phone,
            roles=roles,
            address_of=lambda token, links=links: links.append(token) or token,
            at=datetime.now(UTC),
            actor=actor_of(founder),
        )
        standing = business_queries.resolution_of(business)
        invitations.accept(
            invitation,
            customer=customer,
            seen=standing.text_hash if standing else "",
            at=datetime.now(UTC),
            actor=actor_of(customer),
        )


def accept_papers(business: Business) -> None:
    """
    This will let staff accept every paper that the business brings. They are sealed as they are:
    how files are cleaned is the tests' of accounts.documents.
    """
    now = datetime.now(UTC)
    for need in business_papers.needs_of(business, on=calendar.nairobi_date(now)):
        paper = Document(
            owner_ref=business.owner_ref,
            kind=need.code,
            content_type="application/pdf",
            size_bytes=4,
            pages=1,
            pixels=0,
            content_index=f"{business.pk} {need.code}",
            uploaded_by="test",
            uploaded_at=now,
        )
        paper.file = sealed_files.put(paper, "file", b"%PDF")
        paper.save(force_insert=True)
        business_papers.accept(business, document=paper, actor=STAFF, at=now)


def payload_of(business: Business) -> dict:
    """This will give what staff decide about: a registration, as it stands now."""
    return {
        "business": str(business.public_id),
        "seen": business_queries.fingerprint_of(business),
    }


def activate_business(business: Business) -> None:
    """This will let the bank's staff activate a business, as an approved deed does."""
    opening.activate(
        payload=payload_of(business),
        approval="test",
        actor=STAFF,
        at=datetime.now(UTC),
    )


def actor_of(customer: Customer) -> Actor:
    """This will give the actor that a customer's own session is."""
    return customer.actor


def _unfinished(user: User) -> Actor:
    return Actor("LOGIN", str(user.pk), person=f"login:{user.pk}")


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
    at = ADMITTED

    @classmethod
    def _create(cls, model_class, *args, **facts):
        branch = Branch.objects.get(pk=facts.pop("branch_id"))
        role = Role.objects.get(pk=facts.pop("role_id"))
        now = facts.pop("at")
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
