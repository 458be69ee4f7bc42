"""Letting companies in by two persons, closing apps, and races that only one may win."""

from datetime import UTC, datetime

import pytest
from allauth.idp.oidc.models import Token
from django.db import connection
from django.db.utils import DatabaseError

from accounts.factories import StaffMemberFactory, UserFactory, staff_actor
from accounts.notifications.models import Message
from accounts.partners import operations as partners
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory, admitted
from accounts.partners.models import Partner, PartnerConsent, PartnerUsage
from accounts.partners.refusals import (
    AlreadyPartner,
    AppClosed,
    BadNetwork,
    BadRedirect,
    NameTaken,
    NoSandbox,
    NotAdmitted,
    NothingChosen,
    UnknownScope,
)
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import AlreadyWaiting, MayNotAsk, OwnApproval
from ledger.tests.racing import at_once
from wekeza.kit.actor import SYSTEM
from wekeza.kit.states import IllegalMove

pytestmark = pytest.mark.django_db
LIVE = {"mode": "LIVE", "scopes": ["accounts.read"], "redirect_uris": [], "networks": []}


def add(partner, now, **more):
    return partners.add_app(partner, **(LIVE | {"name": "Duka"} | more), at=now, actor=SYSTEM)


class TestAdmission:
    def test_takes_two_persons(self, now):
        partner, maker = PartnerFactory(), StaffMemberFactory(role_id="COMPLIANCE")
        actor = staff_actor(maker)
        asked = partners.ask_admission(partner, reason="Complete", at=now, actor=actor)

        with pytest.raises(OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=actor, at=now)

        partner.refresh_from_db()
        assert partner.state == "APPLIED"
        assert admitted(PartnerFactory()).state == "ACTIVE"

    def test_is_not_for_everybody_to_ask(self, now):
        teller = staff_actor(StaffMemberFactory(role_id="TELLER"))

        with pytest.raises(MayNotAsk):
            partners.ask_admission(PartnerFactory(), reason="Mine", at=now, actor=teller)

    def test_happens_once(self, now):
        partner = admitted(PartnerFactory())

        with pytest.raises(IllegalMove):
            partners.ask_admission(partner, reason="Again", at=now, actor=SYSTEM)

    def test_nobody_becomes_active_by_hand(self, now):
        """The database's own answer to whoever goes round the operations."""
        partner, maker = PartnerFactory(), StaffMemberFactory(role_id="COMPLIANCE")
        asked = partners.ask_admission(partner, reason="?", at=now, actor=staff_actor(maker))

        with pytest.raises(DatabaseError, match="takes two persons"):
            Partner.objects.filter(pk=partner.pk).update(
                state="ACTIVE", admitted_at=now, approval=asked
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestRefuse:
    def test_is_for_good_and_told_with_the_reason(self, app, now):
        exchange = Token.objects.create(
            client=app.client, type=Token.Type.ACCESS_TOKEN, hash="h", expires_at=now
        )

        partners.refuse(app.partner, reason="No such company", at=now, actor=SYSTEM)

        app.refresh_from_db()
        assert app.partner.state == "CLOSED" and not app.is_working
        assert not Token.objects.filter(pk=exchange.pk).exists()
        assert "No such company" in Message.objects.get(kind="partner_refused").body
        with pytest.raises(IllegalMove):
            partners.refuse(app.partner, reason="Again", at=now, actor=SYSTEM)

    def test_waits_for_the_second_person_who_was_asked_to_admit(self, now):
        partner, maker = PartnerFactory(), StaffMemberFactory(role_id="COMPLIANCE")
        partners.ask_admission(partner, reason="Complete", at=now, actor=staff_actor(maker))

        with pytest.raises(AlreadyWaiting):
            partners.refuse(partner, reason="Incomplete", at=now, actor=SYSTEM)

        partner.refresh_from_db()
        assert partner.state == "APPLIED"


class TestApply:
    def test_a_login_speaks_for_one_company_and_a_name_is_one_companys(self, now):
        partner = PartnerFactory()

        with pytest.raises(AlreadyPartner):
            PartnerFactory(login=partner.login)
        with pytest.raises(NameTaken):
            PartnerFactory(login=UserFactory(), name=partner.name)


class TestAddApp:
    def test_live_apps_wait_and_sandbox_apps_need_a_demo_bank(self, now):
        with pytest.raises(NotAdmitted):
            add(PartnerFactory(), now)
        with pytest.raises(NoSandbox):
            add(PartnerFactory(), now, mode="SANDBOX")

    @pytest.mark.parametrize(
        "uri",
        [
            "http://duka.example/cb",
            "http://127.0.0.1:9/cb",
            "https://*.duka.example/cb",
            "https://duka.example/cb#x",
            "https://user@duka.example/cb",
            "https:///cb",
            "javascript:alert(1)",
            "duka://cb",
            "https://duka.example/a b",
            "https://duka.example:x/",
        ],
    )
    def test_refuses_unsound_redirects_of_live_apps(self, now, uri):
        partner = admitted(PartnerFactory())

        with pytest.raises(BadRedirect):
            add(partner, now, redirect_uris=[uri])

    def test_refuses_what_it_does_not_know(self, now):
        partner = admitted(PartnerFactory())
        add(partner, now)

        for change, refusal in (
            ({"networks": ["300.1.1.1"]}, BadNetwork),
            ({"scopes": ["cards.write"]}, UnknownScope),
            ({}, NameTaken),
        ):
            with pytest.raises(refusal):
                add(partner, now, **change)

    def test_shows_customers_the_company_whole_and_what_fits_of_the_app(self, demo_bank, now):
        partner = PartnerFactory(name="D" * 80)

        app = add(partner, now, mode="SANDBOX", name="b" * 60)

        assert app.name == "b" * 60
        assert app.client.name == f"{'D' * 80}: {'b' * 17}…"


class TestCloseApp:
    def test_ends_everything_of_it(self, app, now):
        consent = ConsentFactory(app=app)

        partners.close_app(app, at=datetime.now(UTC), actor=SYSTEM)

        consent.refresh_from_db()
        assert consent.ended_by == "APP_CLOSED"
        assert not app.keys.filter(revoked_at=None).exists()
        assert not Token.objects.filter(client=app.client).exists()
        with pytest.raises(AppClosed):
            partners.issue_key(app, at=now, actor=SYSTEM)


class TestConsent:
    def test_refuses_a_scope_the_app_may_not_ask_and_no_account(self, app, juma):
        small = AppFactory(name="Small", scopes=("accounts.read",))

        with pytest.raises(UnknownScope):
            ConsentFactory(app=small, customer=juma)
        with pytest.raises(NothingChosen):
            ConsentFactory(app=app, customer=juma, accounts=["0010000000000"])


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_calls_at_once_get_a_number_each(self, demo_bank, now):
        app = AppFactory()

        left = at_once(8, lambda _: partners.count_call(app, at=now)[1])

        assert sorted(left) == list(range(92, 100))
        assert PartnerUsage.objects.get(app=app, span="DAY").calls == 8

    def test_of_consents_given_at_once_one_stands(self, demo_bank):
        app = AppFactory()
        first = ConsentFactory(app=app)
        customer = first.customer

        at_once(4, lambda _: ConsentFactory(app=app, customer=customer))

        rows = PartnerConsent.objects.filter(app=app, customer=customer)
        assert (rows.count(), rows.filter(ended_at=None).count()) == (5, 1)
