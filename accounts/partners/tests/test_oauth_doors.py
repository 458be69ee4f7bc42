"""What the identity provider answers besides tokens: counts, metadata and hostile addresses."""

import pytest
from allauth.idp.oidc.models import Token

from accounts.partners import queries
from accounts.partners.factories import CALLBACK, AppFactory
from accounts.partners.models import PartnerConsent
from accounts.partners.tests.steps import AUTHORIZE, TOKEN, asked, back, exchange, pair, tokens

pytestmark = pytest.mark.django_db


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
