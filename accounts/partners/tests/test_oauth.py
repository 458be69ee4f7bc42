"""Both OAuth flows, with every trick that must not work."""

import base64
import hashlib
import html
import re
import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.idp.oidc.models import Token

from accounts.factories import UserFactory
from accounts.partners import consents, queries
from accounts.partners import operations as partners
from accounts.partners.factories import CALLBACK, AppFactory, ConsentFactory, admitted
from accounts.partners.models import PartnerConsent
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db

AUTHORIZE, TOKEN = "/identity/o/authorize", "/identity/o/api/token"
SEE = "accounts.read balances.read"


def pair():
    """A PKCE verifier and its challenge (RFC 7636)."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def asked(app, challenge, **changes):
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": CALLBACK,
        "scope": SEE,
        "state": "s-123",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (query | changes).items() if value is not None}


def agreed(client, app, customer, **changes):
    """Juma opens the page, chooses his account, and shares it; gives the query he comes back by."""
    client.force_login(customer.user)
    verifier, challenge = pair()
    page = client.get(AUTHORIZE, asked(app, challenge, **changes))
    assert page.status_code == 200, page.content
    signed = html.unescape(re.search(r'name="request" value="([^"]+)"', page.text)[1])
    number = customer.deposit_accounts.get().number
    sent = {"request": signed, "scopes": SEE.split(), "accounts": [number], "days": "90"}
    answer = client.post(AUTHORIZE, sent | {"action": "grant"})
    assert answer.status_code == 200, answer.content
    return verifier, back(answer)


def back(answer):
    where = answer["Refresh"].removeprefix("0; url=")
    assert where.startswith(CALLBACK)
    return {name: value[0] for name, value in parse_qs(urlsplit(where).query).items()}


def exchange(client, app, *, secret=None, **facts):
    return client.post(
        TOKEN, {"client_id": app.client_id, "client_secret": secret or app.secret} | facts
    )


def tokens(client, app, customer):
    verifier, came = agreed(client, app, customer)
    return exchange(
        client,
        app,
        grant_type="authorization_code",
        code=came["code"],
        redirect_uri=CALLBACK,
        code_verifier=verifier,
    )


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

        answer = client.post(AUTHORIZE, sent | {"action": "grant"})

        assert answer.status_code == 422
        assert not PartnerConsent.objects.filter(customer=juma).exists()

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


class TestRevoke:
    def test_an_app_throws_its_token_away(self, client, app, juma):
        facts = {"client_id": app.client_id, "client_secret": app.secret}
        given = tokens(client, app, juma).json()

        answer = client.post("/identity/o/api/revoke", facts | {"token": given["refresh_token"]})
        odd = client.post("/identity/o/api/revoke?%zz", facts)

        assert (answer.status_code, odd.status_code) == (200, 400)
        assert not Token.objects.filter(type=Token.Type.REFRESH_TOKEN).exists()

    def test_nobody_throws_another_apps_token_away(self, client, app):
        """RFC 7009, 2.1: the server checks whether the token was issued to who asks."""
        given = exchange(client, app, grant_type="client_credentials").json()["access_token"]
        other = AppFactory(name="Other")
        facts = {"client_id": other.client_id, "client_secret": other.secret, "token": given}

        answer = client.post("/identity/o/api/revoke", facts)

        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
        assert Token.objects.exists()


class TestBeingCounted:
    @pytest.mark.proves("PA18")
    @pytest.mark.parametrize("door", ["token", "revoke"])
    def test_whoever_guesses_is_told_to_wait(self, client, app, settings, door):
        settings.API_PER_MINUTE = settings.API_PER_MINUTE | {"address": 2}
        facts = {"client_id": app.client_id, "client_secret": "wk_x", "token": "t"}
        facts |= {"grant_type": "client_credentials"}

        answers = [client.post(f"/identity/o/api/{door}", facts) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert 0 < int(answers[2]["Retry-After"]) <= 61

    @pytest.mark.proves("PA11", "PA19")
    def test_every_call_stands_in_the_log_of_its_app(self, client, demo_bank):
        app = AppFactory(networks=("127.0.0.0/8",))
        exchange(client, app, grant_type="client_credentials")
        exchange(client, app, secret="wk_x", grant_type="client_credentials")
        away = {"client_id": app.client_id, "grant_type": "client_credentials"}
        client.post(TOKEN, away, REMOTE_ADDR="41.90.1.1")
        client.post("/identity/o/api/revoke", {"client_id": app.client_id, "token": "t"})

        calls = queries.calls_logged(app).values_list("route", "status", "error_code")

        assert list(calls) == [
            ("/identity/o/api/revoke", 401, "INVALID_CLIENT"),
            (TOKEN, 401, "INVALID_CLIENT"),
            (TOKEN, 401, "INVALID_CLIENT"),
            (TOKEN, 200, ""),
        ]


class TestMetadata:
    def test_names_what_is_spoken_here_and_nothing_else(self, client):
        body = client.get("/.well-known/oauth-authorization-server").json()

        assert body["code_challenge_methods_supported"] == ["S256"]
        assert body["response_types_supported"] == ["code"]
        for closed in (
            "/.well-known/openid-configuration",
            "/identity/o/device",
            "/identity/o/logout",
        ):
            assert client.get(f"/{closed}").status_code == 404


class TestHostileAddresses:
    @pytest.mark.parametrize(
        "change",
        [
            {"scope": "everything"},
            {"scope": "accounts.read openid"},
            {"scope": "\x00"},
            {"client_id": "\x00"},
            {"client_id": "' OR 1=1 --"},
            {"redirect_uri": "javascript:alert(1)"},
            {"state": "\u202e<script>"},
            {"nonce": "%zz"},
            {"request": "eyJhbGciOiJub25lIn0."},
            {"request_uri": "https://169.254.169.254/"},
        ],
        ids=str,
    )
    def test_share_nothing_and_break_nothing(self, client, app, juma, change):
        client.force_login(juma.user)

        answer = client.get(AUTHORIZE, asked(app, pair()[1], **change))

        assert answer.status_code < 500
        assert "<script>" not in answer.text
        assert answer.get("Refresh", f"0; url={CALLBACK}").startswith(f"0; url={CALLBACK}")
        assert not PartnerConsent.objects.exists()

    @pytest.mark.parametrize("query", ["%zz", "a=%zz", "a=b&&=c", "\u00e9=1", "a=%00"])
    def test_an_address_that_is_none_breaks_nothing(self, client, app, juma, query):
        client.force_login(juma.user)
        sound = "&".join(f"{name}={value}" for name, value in asked(app, pair()[1]).items())

        assert client.get(f"{AUTHORIZE}?{sound}&{query}").status_code < 500
        assert client.get(f"{AUTHORIZE}?{query}").status_code == 400

    def test_a_scope_that_the_app_may_not_ask_for_goes_back_as_an_error(self, client, app, juma):
        client.force_login(juma.user)

        came = back(client.get(AUTHORIZE, asked(app, pair()[1], scope="cards.write")))

        assert came["error"] == "invalid_scope" and came["state"] == "s-123"

    @pytest.mark.parametrize(
        "header", ["Basic %%%", "Basic ", "Basic AAAA", "Bearer x", "Basic /w=="]
    )
    def test_a_bad_header_buys_nothing(self, client, app, header):
        answer = client.post(
            TOKEN, {"grant_type": "client_credentials"}, headers={"Authorization": header}
        )

        assert answer.status_code == 401

    def test_nothing_is_read_from_the_address_of_the_token_door(self, client, app):
        query = f"?client_id={app.client_id}&client_secret={app.secret}"

        assert client.post(TOKEN + query, {"grant_type": "client_credentials"}).status_code == 401
        facts = {"client_id": app.client_id, "client_secret": app.secret}
        facts |= {"grant_type": "client_credentials"}
        assert client.post(f"{TOKEN}?scope=accounts.read", facts).status_code == 400
