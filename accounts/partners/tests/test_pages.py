"""The developers' pages and the customer's list of connected apps."""

from datetime import timedelta

import pytest

from accounts.access.models import Challenge
from accounts.factories import PIN, CustomerFactory
from accounts.notifications.models import Message
from accounts.partners import webhooks
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory
from accounts.partners.models import Partner, PartnerApp
from accounts.partners.webhook_models import WebhookEndpoint
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def developer(client, app):
    client.force_login(app.partner.login)
    return client


def page(app, name=""):
    return f"/developers/apps/{app.public_id}/{name}"


class TestBecomingAPartner:
    def test_a_login_without_an_account_may_apply(self, client, demo_bank):
        from accounts.factories import UserFactory

        client.force_login(UserFactory())
        facts = {"name": "Shamba Data Ltd", "registration_no": "PVT-1", "purpose": "Farm books"}

        refused = client.post("/developers/apply/", facts | {"website": "http://shamba.example"})
        taken = client.post("/developers/apply/", facts | {"website": "https://shamba.example"})

        assert (refused.status_code, taken.status_code) == (422, 303)
        assert Partner.objects.get().state == "APPLIED"

    def test_the_quickstart_is_open_to_everybody(self, client):
        answer = client.get("/developers/")

        assert answer.status_code == 200 and "CONSENT_REQUIRED" in answer.text

    def test_makes_an_app_with_exact_addresses(self, developer, app):
        facts = {"name": "Second", "mode": "SANDBOX", "scopes": ["accounts.read"]}

        bad = developer.post(
            "/developers/apps/new/", facts | {"redirect_uris": "http://a.example/"}
        )
        good = developer.post(
            "/developers/apps/new/", facts | {"redirect_uris": "https://a.example/cb\n"}
        )

        made = PartnerApp.objects.get(name="Second")
        assert (bad.status_code, good.status_code) == (422, 303)
        assert made.client.get_redirect_uris() == ["https://a.example/cb"]

    def test_a_live_app_waits_for_approval(self, developer, app):
        facts = {"name": "Real", "mode": "LIVE", "scopes": ["accounts.read"]}

        answer = developer.post("/developers/apps/new/", facts)

        assert answer.status_code == 422 and "approved your company" in answer.text


class TestKeys:
    def test_a_key_asks_for_a_code_and_is_shown_once(self, client, demo_bank):
        owner = CustomerFactory()
        app = AppFactory(partner=PartnerFactory(login=owner.user))
        client.force_login(owner.user)

        begun = client.get(page(app, "key/"))
        assert begun["Location"] == "/settings/security/confirm/api-key/"
        assert client.post(page(app, "key/"))["Location"] == begun["Location"]
        assert app.keys.count() == 1

        client.post(begun["Location"], {"pin": PIN})
        code = Message.objects.filter(kind="code_change_api_key").last().body
        digits = next(word.strip(":.") for word in code.split() if word.strip(":.").isdigit())
        client.post(begun["Location"], {"code": digits})
        made = client.post(page(app, "key/"))
        first, second = client.get(made["Location"]), client.get(made["Location"])

        assert "wk_sandbox_" in first.text and 'class="wk-secret"' in first.text
        assert 'class="wk-secret"' not in second.text
        assert app.keys.count() == 2
        assert Challenge.objects.filter(purpose="CHANGE_API_KEY", state="PASSED").exists()

    def test_a_leaked_key_ends_on_one_page(self, developer, app):
        assert developer.post(page(app, "leaked/")).status_code == 303
        assert not app.keys.filter(revoked_at=None).exists()

    def test_another_partners_things_look_like_none(self, client, app, now):
        client.force_login(PartnerFactory().login)
        hook = webhooks.add(
            app, url="http://127.0.0.1:9/", topics=["payment"], at=now, actor=SYSTEM
        )

        for name in ("", "change/", "leaked/", "close/", "usage/", "logs/", "webhooks/"):
            assert client.get(page(app, name)).status_code == 404
        assert client.get(f"/developers/webhooks/{hook.public_id}/").status_code == 404


class TestWebhookPages:
    def test_shows_the_secret_once_and_the_tries(self, developer, app, now):
        sent = {"url": "http://127.0.0.1:9/hook", "topics": ["payment"]}
        made = developer.post(page(app, "webhooks/"), sent)
        hook = WebhookEndpoint.objects.get()
        webhooks.announce(
            apps=[app],
            event="payment.completed",
            event_id="evt_1",
            subject="payment:1",
            data={},
            happened_at=now,
            at=now,
        )

        first, second = developer.get(made["Location"]), developer.get(made["Location"])

        assert hook.secret in first.text and hook.secret not in second.text
        assert "evt_1" in second.text

    def test_refuses_an_address_inside_the_bank(self, developer, app):
        sent = {"url": "https://10.0.0.1/hook", "topics": ["payment"]}

        answer = developer.post(page(app, "webhooks/"), sent)

        assert answer.status_code == 422 and "private network" in answer.text

    def test_an_unknown_delivery_cannot_be_replayed(self, developer, app):
        developer.post(
            page(app, "webhooks/"), {"url": "http://127.0.0.1:9/", "topics": ["payment"]}
        )
        hook = WebhookEndpoint.objects.get()

        answer = developer.post(f"/developers/webhooks/{hook.public_id}/", {"replay": "nothing"})

        assert answer.status_code == 404


class TestConsentPages:
    @pytest.mark.proves("PA10")
    def test_a_customer_sees_who_looks_and_ends_it(self, client, app):
        consent = ConsentFactory(app=app)
        client.force_login(consent.customer.user)

        listed = client.get("/consents/")
        shown = client.get(f"/consents/{consent.public_id}/")
        ended = client.post(f"/consents/{consent.public_id}/")

        consent.refresh_from_db()
        assert app.client.name in listed.text
        assert "See how much money is in them" in shown.text
        assert "Move money without you" in shown.text
        assert ended.status_code == 303 and consent.ended_by == "REVOKED"

    def test_another_customers_consent_looks_like_none(self, client, app):
        consent = ConsentFactory(app=app)
        client.force_login(CustomerFactory().user)

        assert client.post(f"/consents/{consent.public_id}/").status_code == 404

    def test_the_words_are_kept_by_their_hash(self, app, now):
        from accounts.partners import consents

        english = consents.hash_of(app, ["accounts.read"], language="en")
        swahili = consents.hash_of(app, ["accounts.read"], language="sw")

        assert len({english, swahili}) == 2
        assert ConsentFactory(app=app, scopes=("accounts.read",)).text_hash == english

    def test_a_new_consent_takes_the_place_of_the_old_one(self, app, now):
        first = ConsentFactory(app=app)
        second = ConsentFactory(app=app, customer=first.customer, at=now + timedelta(days=1))

        first.refresh_from_db()
        assert (first.ended_by, second.ended_at) == ("REPLACED", None)
