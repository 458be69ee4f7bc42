"""
A customer lets an app see an account in a real browser, looks at who looks, and ends it at once.

The app is a client that we did not write (Authlib), at a site of its own. SHOTS=folder: pictures.
"""

import os
import re
import time
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from accounts.access.tests.web import answering
from accounts.factories import PASSWORD, PIN, CustomerFactory, DepositAccountFactory
from accounts.partners.factories import AppFactory
from accounts.partners.models import PartnerConsent
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.look import problems_of, small_targets

_turn, NAIROBI = count(1), ZoneInfo("Africa/Nairobi")
AUTHORIZE, TOKEN = "/identity/o/authorize", "/identity/o/api/token"
SCOPES, VERIFIER = "accounts.read balances.read", "v" * 60
WAYS = [
    pytest.param({"size": PHONE, "scheme": "light"}, id="phone-light"),
    pytest.param({"size": PHONE, "scheme": "dark"}, id="phone-dark"),
    pytest.param({"size": DESK, "scheme": "dark", "locale": "sw-KE"}, id="desk-dark-swahili"),
    pytest.param({"size": PHONE, "javascript": False}, id="phone-without-scripts"),
]
pytestmark = pytest.mark.django_db(transaction=True)


class Duka:
    """The partner: a site that customers come back to, and an OAuth client behind it."""

    def __init__(self, bank, site):
        self.bank, self.site = bank, site
        self.back = f"{site.url}/callback"
        self.app = AppFactory(name="Duka Books", redirect_uris=(self.back,))
        facts = {"scope": SCOPES, "redirect_uri": self.back, "code_challenge_method": "S256"}
        self.session = OAuth2Session(self.app.client_id, self.app.secret, **facts)

    def where_to_agree(self):
        """The address to which it sends the customer, with a state and a PKCE challenge."""
        address = self.bank.url + AUTHORIZE
        url, self.state = self.session.create_authorization_url(address, code_verifier=VERIFIER)
        return url

    def take_token(self):
        """The code that the customer brought, changed for tokens."""
        came = next(one.path for one in self.site.requests if one.path.startswith("/callback?"))
        self.session.fetch_token(
            self.bank.url + TOKEN,
            authorization_response=self.site.url + came,
            state=self.state,
            code_verifier=VERIFIER,
        )

    def balances(self, number):
        return self.session.get(f"{self.bank.url}/api/v1/partner/accounts/{number}/balances/")


class Juma:
    """A customer at a browser who is not logged in yet; every page of the bank is looked at."""

    def __init__(self, page, bank, tag, *, has_scripts):
        self.page, self.bank, self.tag, self.has_scripts = page, bank, tag, has_scripts
        self.account = DepositAccountFactory(
            customer=CustomerFactory(full_name="Juma Otieno Ouma"), balance="5000"
        )
        self.other = DepositAccountFactory(
            customer=self.account.customer, is_another=True, balance="70"
        )

    def go(self, url):
        self.page.goto(url)
        self.look()

    def press(self, what, to):
        self.page.locator(what).first.click()
        self.page.wait_for_url(re.compile(to))
        self.look()

    def look(self):
        if not self.page.url.startswith(self.bank.url):
            return
        if self.has_scripts:  # axe is a script.
            assert problems_of(self.page) == []
            assert small_targets(self.page, least=24) == []
        if folder := os.environ.get("SHOTS"):
            name = self.page.url.removeprefix(self.bank.url).partition("?")[0].strip("/")
            path = (
                Path(folder) / f"partner-{self.tag}-{next(_turn):02}-{name.replace('/', '-')}.png"
            )
            self.page.screenshot(path=path, full_page=True)

    @property
    def words(self):
        return self.page.locator("main").inner_text()


@pytest.fixture
def duka(live_bank, demo_bank, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # The test's server speaks no TLS.
    with answering(body="<!doctype html><title>Duka</title>Thank you", kind="text/html") as site:
        yield Duka(live_bank, site)


@pytest.fixture(params=WAYS)
def juma(request, live_bank, new_page, demo_bank):
    has_scripts = request.param.get("javascript", True)
    page, tag = new_page(**request.param), request.node.callspec.id
    juma = Juma(page, live_bank, tag, has_scripts=has_scripts)
    user = juma.account.customer.user
    user.language = "sw" if "locale" in request.param else "en"
    user.save()
    return juma


def agree(juma, duka):
    """From the partner's site over the login to the page of the consent, and back."""
    juma.go(duka.where_to_agree())
    juma.page.fill("#id_login", juma.account.customer.user.email)
    juma.page.fill("#id_password", PASSWORD)
    juma.press("form.wk-form .wk-actions button", re.escape(AUTHORIZE))
    juma.page.check(f"input[name=accounts][value='{juma.account.number}']")
    juma.look()
    juma.page.fill("#id_pin", PIN)
    juma.page.locator("button[value=grant]").click()
    juma.page.wait_for_url(f"{duka.back}?*")


class TestAConsent:
    @pytest.mark.proves("PA10", "PA17")
    def test_is_given_used_seen_and_ended_and_the_next_call_is_refused(self, juma, duka):
        agree(juma, duka)
        duka.take_token()
        assert duka.balances(juma.account.number).json()["balance"]["amount"] == "5000.00"
        assert duka.balances(juma.other.number).status_code == 404  # It was not chosen.

        juma.go(f"{juma.bank.url}/consents/")
        used = PartnerConsent.objects.get(app=duka.app).last_used_at
        assert "Duka Books" in juma.words
        assert f"{used.astimezone(NAIROBI):%H:%M}" in juma.words
        juma.press("main nav a", "/consents/[0-9a-f-]{36}/")
        assert juma.account.ending in juma.words and juma.other.ending not in juma.words

        button = juma.page.locator("main form.wk-form button")
        button.click()
        juma.page.wait_for_url(juma.bank.url + "/consents/", wait_until="commit")
        began = time.monotonic()
        refused = duka.balances(juma.account.number)
        assert time.monotonic() - began < 1
        assert (refused.status_code, refused.json()["error_code"]) == (401, "INVALID_TOKEN")
        with pytest.raises(OAuthError):
            duka.session.refresh_token(duka.bank.url + TOKEN)

        juma.page.wait_for_load_state()
        juma.look()
        juma.press("main nav a", "/consents/[0-9a-f-]{36}/")
        assert juma.page.locator("main form.wk-form button").count() == 0

    @pytest.mark.parametrize("juma", [WAYS[0]], indirect=True)
    def test_says_what_the_app_may_see_and_what_it_may_never_do(self, juma, duka):
        juma.go(duka.where_to_agree())
        juma.page.fill("#id_login", juma.account.customer.user.email)
        juma.page.fill("#id_password", PASSWORD)
        juma.press("form.wk-form .wk-actions button", re.escape(AUTHORIZE))

        assert f"Share with {duka.app.client.name}?" in juma.words
        for words in ("See how much money is in them", "See your PIN or password", "Move money"):
            assert words in juma.words
        for account in (juma.account, juma.other):
            assert account.ending in juma.words

        juma.page.locator("button[value=cancel]").click()
        juma.page.wait_for_url(f"{duka.back}?*error=access_denied*")
        assert not PartnerConsent.objects.filter(app=duka.app).exists()
