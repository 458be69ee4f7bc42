"""factory_boy factories of partners: `_create` calls the operations, as the pages do."""

from datetime import UTC, datetime

import factory

from accounts.factories import (
    CustomerFactory,
    StaffMemberFactory,
    UserFactory,
    actor_of,
    staff_actor,
)
from accounts.partners import consents
from accounts.partners import operations as partners
from accounts.partners.models import Partner, PartnerApp, PartnerConsent, PartnerQuota
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.calendar import queries as calendar
from wekeza.kit.actor import SYSTEM, Actor

CALLBACK = "https://duka.example/callback"
EVERYTHING = ("accounts.read", "balances.read", "transactions.read", "payments.write")


class PartnerFactory(factory.django.DjangoModelFactory):
    """A company that has applied."""

    class Meta:
        model = Partner

    login = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Duka Books {n} Ltd")
    registration_no = "PVT-8LUXZ4A"
    website = "https://duka.example"
    purpose = "Shops see their sales beside their books."

    @classmethod
    def _create(cls, model_class, *args, **facts):
        user = facts.pop("login")
        return partners.apply(user, **facts, at=datetime.now(UTC), actor=SYSTEM)


def admitted(partner: Partner) -> Partner:
    """This will let a company in, by two persons of the bank."""
    maker, checker = (StaffMemberFactory(role_id="COMPLIANCE") for _ in range(2))
    at = datetime.now(UTC)
    asked = partners.ask_admission(
        partner, reason="Papers are complete", at=at, actor=staff_actor(maker)
    )
    approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=at)
    partner.refresh_from_db()
    return partner


def agreed_quota(**facts) -> PartnerQuota:
    """This will make a quota by two persons of the bank, from today on."""
    maker, checker = (StaffMemberFactory(role_id=role) for role in ("RISK", "ADMINISTRATOR"))
    at = datetime.now(UTC)
    row = PartnerQuota(effective_from=calendar.nairobi_date(at), **facts)
    asked = terms.ask(row, reason="The board decided", actor=staff_actor(maker), at=at)
    approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=at)
    return PartnerQuota.objects.get(approval=asked)


class AppFactory(factory.django.DjangoModelFactory):
    """A sandbox app; its key is `app.secret`."""

    class Meta:
        model = PartnerApp

    partner = factory.SubFactory(PartnerFactory)
    name = "Duka"
    mode = PartnerApp.Mode.SANDBOX
    scopes = EVERYTHING
    redirect_uris = (CALLBACK,)
    networks = ()

    @classmethod
    def _create(cls, model_class, *args, **facts):
        at, actor = datetime.now(UTC), Actor("LOGIN", "1", person="login:1")
        app = partners.add_app(facts.pop("partner"), **facts, at=at, actor=actor)
        app.secret = partners.issue_key(app, at=at, actor=actor)
        app.client.refresh_from_db()
        return app


class ConsentFactory(factory.django.DjangoModelFactory):
    """A customer lets an app see the everyday account, with every scope, for 90 days."""

    class Meta:
        model = PartnerConsent

    app = factory.SubFactory(AppFactory)
    customer = factory.SubFactory(CustomerFactory)
    scopes = EVERYTHING
    accounts = None
    days = 90
    at = None

    @classmethod
    def _create(cls, model_class, *args, **facts):
        customer = facts["customer"]
        own = [account.number for account in customer.deposit_accounts.all()]
        facts["accounts"] = facts["accounts"] or own
        facts["at"] = facts["at"] or datetime.now(UTC)
        return consents.give(facts.pop("app"), **facts, language="en", actor=actor_of(customer))
