"""A client that we did not write (Authlib) goes through both OAuth flows against a real server."""

import html
import re

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.test import Client

from accounts.factories import PIN, DepositAccountFactory
from accounts.partners.factories import CALLBACK, AppFactory

AUTHORIZE, TOKEN = "/identity/o/authorize", "/identity/o/api/token"


@pytest.fixture
def app(demo_bank, live_bank, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # The test's server speaks no TLS.
    return AppFactory()


def browser_of(customer):
    """A browser in which the customer is signed in already."""
    client, browser = Client(), requests.Session()
    client.force_login(customer.user)
    name = settings.SESSION_COOKIE_NAME
    browser.cookies.set(name, client.cookies[name].value)
    return browser


def field(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]+)"', page.text)[1])


def share(browser, url, number):
    """The customer looks, ticks the account and agrees; gives the address they are sent to."""
    page = browser.get(url)
    assert page.status_code == 200, page.text
    answer = browser.post(
        url.partition("?")[0],
        data={
            "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken"),
            "request": field(page, "request"),
            "scopes": ["accounts.read", "balances.read"],
            "accounts": [number],
            "days": "30",
            "pin": PIN,
            "action": "grant",
        },
        headers={"Referer": url},
    )
    assert answer.status_code == 200, answer.text
    return answer.headers["Refresh"].removeprefix("0; url=")


@pytest.mark.django_db(transaction=True)
class TestAuthlib:
    @pytest.mark.proves("PA17", "IA47")
    def test_completes_client_credentials(self, app, live_bank):
        session = OAuth2Session(app.client_id, app.secret, scope="accounts.read")

        token = session.fetch_token(live_bank.url + TOKEN, grant_type="client_credentials")
        answer = session.get(live_bank.url + "/api/v1/partner/accounts/")

        assert token["expires_in"] == 600
        assert (answer.status_code, answer.json()) == (200, {"accounts": []})

    @pytest.mark.proves("PA17", "PA09")
    def test_completes_the_authorization_code_with_pkce_and_refreshes(self, app, live_bank):
        account = DepositAccountFactory(balance="5000")
        verifier = "v" * 60
        session = OAuth2Session(
            app.client_id,
            app.secret,
            scope="accounts.read balances.read",
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
        )
        url, state = session.create_authorization_url(
            live_bank.url + AUTHORIZE, code_verifier=verifier
        )
        browser = browser_of(account.customer)

        came = share(browser, url, account.number)
        token = session.fetch_token(
            live_bank.url + TOKEN,
            authorization_response=came,
            state=state,
            code_verifier=verifier,
        )
        path = f"{live_bank.url}/api/v1/partner/accounts/{account.number}/balances/"
        balances = session.get(path).json()
        renewed = session.refresh_token(live_bank.url + TOKEN)

        assert balances["balance"] == {"amount": "5000.00", "currency": "KES"}
        assert renewed["refresh_token"] != token["refresh_token"]
        assert session.get(path).status_code == 200
