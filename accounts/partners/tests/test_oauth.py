"""Both OAuth flows, with every trick that must not work."""

import html
import re
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Token

from accounts.factories import PIN, UserFactory
from accounts.partners import consents
from accounts.partners import operations as partners
from accounts.partners.factories import CALLBACK, AppFactory, ConsentFactory, admitted
from accounts.partners.models import PartnerConsent
from accounts.partners.tests.steps import (
    AUTHORIZE,
    SEE,
    TOKEN,
    agreed,
    asked,
    back,
    exchange,
    pair,
    tokens,
)
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestClientCredentials:
    @pytest.mark.proves("PA17", "IA47")
    def test_a_key_buys_a_token_of_ten_minutes(self, client, app):
        answer = exchange(client, app, grant_type="client_credentials", scope="accounts.read")

        body = answer.json()
        assert answer.status_code == 200
        assert (body["token_type"], body["expires_in"], body["scope"]) == (
            "Bearer",
            600,
            "accounts.read",
        )
        assert "refresh_token" not in body

    @pytest.mark.proves("PA10")
    def test_a_wrong_key_an_unknown_app_and_a_foreign_scope_buy_nothing(self, client, app):
        wrong = exchange(client, app, secret="wk_sandbox_x", grant_type="client_credentials")
        greedy = exchange(client, app, grant_type="client_credentials", scope="cards.write")
        stranger = client.post(TOKEN, {"client_id": "nobody", "client_secret": app.secret})

        assert (wrong.status_code, greedy.status_code, stranger.status_code) == (401, 400, 401)
        assert not Token.objects.exists()

    def test_the_old_key_works_for_seven_days_beside_the_new_one(self, client, app, now):
        old = app.secret
        new = partners.issue_key(app, at=now, actor=SYSTEM)

        for secret in (old, new):
            answer = exchange(client, app, secret=secret, grant_type="client_credentials")
            assert answer.status_code == 200

        app.client.refresh_from_db()
        ends = sorted(part.rpartition(":")[2] for part in app.client.secret.split("$")[1:])
        assert ends == ["-", str(int((now + timedelta(days=7)).timestamp()))]

    def test_an_overlap_that_is_over_lets_nobody_in(self, client, app, now):
        old = app.secret
        partners.issue_key(app, at=now - timedelta(days=8), actor=SYSTEM)

        answer = exchange(client, app, secret=old, grant_type="client_credentials")

        assert answer.status_code == 401

    def test_a_leaked_key_ends_at_once_with_its_tokens(self, client, app, now):
        exchange(client, app, grant_type="client_credentials")

        partners.revoke_keys(app, at=now, actor=SYSTEM)

        assert exchange(client, app, grant_type="client_credentials").status_code == 401
        assert not Token.objects.exists()

    def test_a_listed_app_gets_in_from_its_own_addresses_only(self, client, demo_bank):
        app = AppFactory(networks=("196.201.214.0/24",))
        facts = {"client_id": app.client_id, "client_secret": app.secret}
        facts |= {"grant_type": "client_credentials"}

        home = client.post(TOKEN, facts, REMOTE_ADDR="196.201.214.7")
        away = client.post(TOKEN, facts, REMOTE_ADDR="41.90.1.1")
        lied = client.post(
            TOKEN, facts, REMOTE_ADDR="41.90.1.1", HTTP_X_FORWARDED_FOR="196.201.214.7"
        )

        assert (home.status_code, away.status_code, lied.status_code) == (200, 401, 401)

    def test_a_suspended_partner_gets_nothing(self, client, app, now):
        partners.suspend(admitted(app.partner), reason="complaints", at=now, actor=SYSTEM)

        assert exchange(client, app, grant_type="client_credentials").status_code == 401

    def test_the_key_stands_nowhere_in_clear(self, app):
        assert app.secret not in str(app.client.__dict__) + str(app.keys.values())


class TestAuthorizationCode:
    @pytest.mark.proves("PA17", "PA10")
    def test_a_customer_shares_one_account_and_the_app_gets_tokens(self, client, app, juma):
        answer = tokens(client, app, juma)

        body = answer.json()
        consent = PartnerConsent.objects.get()
        assert answer.status_code == 200
        assert set(body["scope"].split()) == set(SEE.split())
        assert body["refresh_token"] and body["expires_in"] == 600
        assert consent.customer == juma and consent.scopes == SEE.split()
        assert (consent.expires_at - consent.given_at).days == 90
        assert len(consent.text_hash) == 64

    def test_the_way_back_names_the_issuer_and_the_state(self, client, app, juma, settings):
        _, came = agreed(client, app, juma)

        assert (came["state"], came["iss"]) == ("s-123", settings.SITE_URL)

    def test_sharing_nothing_goes_back_without_a_code(self, client, app, juma):
        client.force_login(juma.user)
        page = client.get(AUTHORIZE, asked(app, pair()[1]))
        signed = html.unescape(re.search(r'name="request" value="([^"]+)"', page.text)[1])

        came = back(client.post(AUTHORIZE, {"request": signed, "action": "cancel"}))

        assert came["error"] == "access_denied" and not PartnerConsent.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"redirect_uri": "https://duka.example/callback/"},
            {"redirect_uri": "https://duka.example/callback?x=1"},
            {"redirect_uri": "https://evil@duka.example/callback"},
            {"redirect_uri": "https://elsewhere.example/callback"},
            {"redirect_uri": None},
            {"code_challenge": None},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": None},
            {"response_type": "token"},
            {"response_type": "id_token"},
            {"response_mode": "fragment"},
            {"state": None},
            {"client_id": "nobody"},
        ],
        ids=str,
    )
    def test_an_unsound_request_leads_nowhere(self, client, app, juma, change):
        client.force_login(juma.user)

        answer = client.get(AUTHORIZE, asked(app, pair()[1], **change))

        assert answer.status_code == 400
        assert not {"Location", "Refresh"} & set(answer.headers)

    def test_a_parameter_that_comes_twice_leads_nowhere(self, client, app, juma):
        client.force_login(juma.user)
        query = "&".join(f"{name}={value}" for name, value in asked(app, pair()[1]).items())

        assert client.get(f"{AUTHORIZE}?{query}&prompt=login&prompt=none").status_code == 400

    def test_nobody_agrees_in_silence(self, client, app, juma):
        tokens(client, app, juma)

        came = back(client.get(AUTHORIZE, asked(app, pair()[1], prompt="none")))

        assert came["error"] == "interaction_required"

    def test_another_customers_account_cannot_be_shared(self, client, app, juma):
        other = ConsentFactory(app=app).customer.deposit_accounts.get()
        client.force_login(juma.user)
        page = client.get(AUTHORIZE, asked(app, pair()[1]))
        signed = html.unescape(re.search(r'name="request" value="([^"]+)"', page.text)[1])
        sent = {"request": signed, "scopes": SEE.split(), "accounts": [other.number], "days": "90"}

        answer = client.post(AUTHORIZE, sent | {"pin": PIN, "action": "grant"})

        assert answer.status_code == 422
        assert not PartnerConsent.objects.filter(customer=juma).exists()

    def test_whoever_sits_at_an_open_session_shares_nothing_without_the_pin(
        self, client, app, juma, now
    ):
        client.force_login(juma.user)
        page = client.get(AUTHORIZE, asked(app, pair()[1]))
        signed = html.unescape(re.search(r'name="request" value="([^"]+)"', page.text)[1])
        number = juma.deposit_accounts.get().number
        sent = {"request": signed, "scopes": SEE.split(), "accounts": [number], "days": "30"}
        sent |= {"action": "grant"}

        without = client.post(AUTHORIZE, sent)
        wrong = [client.post(AUTHORIZE, sent | {"pin": "2581"}) for _ in range(3)]
        right = client.post(AUTHORIZE, sent | {"pin": PIN})

        assert [one.status_code for one in (without, *wrong, right)] == [422] * 5
        assert "Enter the PIN, 4 digits" in without.text
        assert "That PIN is not right. 2 tries left" in wrong[0].text
        assert "2581" not in wrong[0].text
        for kept in (f'value="{number}"', 'value="30"'):
            assert re.search(f"<input[^>]*{kept}[^>]* checked", wrong[0].text)
        assert "is off until" in wrong[2].text and "is off until" in right.text
        assert not PartnerConsent.objects.exists()

    def test_a_login_without_an_account_shares_nothing(self, client, app):
        client.force_login(UserFactory(is_staff=True))

        assert client.get(AUTHORIZE, asked(app, pair()[1])).status_code == 400

    def test_the_wrong_verifier_buys_nothing(self, client, app, juma):
        _, came = agreed(client, app, juma)

        answer = exchange(
            client,
            app,
            grant_type="authorization_code",
            code=came["code"],
            redirect_uri=CALLBACK,
            code_verifier="w" * 64,
        )

        assert answer.status_code == 400 and not Token.objects.exists()

    def test_a_code_that_comes_twice_ends_the_tokens_of_the_first_time(self, client, app, juma):
        verifier, came = agreed(client, app, juma)
        facts = {"grant_type": "authorization_code", "code": came["code"]}
        facts |= {"redirect_uri": CALLBACK, "code_verifier": verifier}

        first, second = exchange(client, app, **facts), exchange(client, app, **facts)

        assert (first.status_code, second.status_code) == (200, 400)
        assert not Token.objects.exists()
        assert AuditEntry.objects.filter(deed="partners.token_reused").exists()

    def test_another_apps_code_buys_nothing(self, client, app, juma):
        verifier, came = agreed(client, app, juma)
        thief = AppFactory(name="Thief")

        answer = exchange(
            client,
            thief,
            grant_type="authorization_code",
            code=came["code"],
            redirect_uri=CALLBACK,
            code_verifier=verifier,
        )

        assert answer.status_code in {400, 401} and not Token.objects.exists()


class TestRefresh:
    def test_each_refresh_gives_another_refresh_token(self, client, app, juma):
        first = tokens(client, app, juma).json()["refresh_token"]

        second = exchange(client, app, grant_type="refresh_token", refresh_token=first)

        assert second.status_code == 200
        assert second.json()["refresh_token"] != first

    def test_a_refresh_token_that_comes_twice_kills_the_family(self, client, app, juma):
        first = tokens(client, app, juma).json()["refresh_token"]
        second = exchange(client, app, grant_type="refresh_token", refresh_token=first).json()

        stolen = exchange(client, app, grant_type="refresh_token", refresh_token=first)
        family = exchange(
            client, app, grant_type="refresh_token", refresh_token=second["refresh_token"]
        )

        assert (stolen.status_code, family.status_code) == (400, 400)
        assert not Token.objects.exists()

    def test_a_revoked_consent_ends_its_tokens_at_once(self, client, app, juma, now):
        refresh = tokens(client, app, juma).json()["refresh_token"]

        consents.revoke(PartnerConsent.objects.get(), at=now, actor=SYSTEM)

        answer = exchange(client, app, grant_type="refresh_token", refresh_token=refresh)
        assert answer.status_code == 400 and not Token.objects.exists()
