"""A passkey in a real browser with Chromium's own virtual authenticator; SHOTS=folder: pictures."""

import os
from base64 import b64encode
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from fido2.utils import websafe_decode

from accounts.access.tests.keys import HOST, SoftKey
from accounts.access.tests.steps import code_in
from accounts.factories import PASSWORD, PIN, CustomerFactory
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.look import problems_of, small_targets

_turn = count(1)
WAYS = [
    pytest.param({"size": PHONE, "scheme": "light"}, id="phone-light"),
    pytest.param({"size": DESK, "scheme": "dark", "locale": "sw-KE"}, id="desk-dark-swahili"),
]


class Holder:
    """A customer at a browser whose device has a finger reader that always knows them."""

    def __init__(self, page, bank, tag):
        self.page, self.tag = page, tag
        self.url = bank.url.replace("127.0.0.1", "localhost")  # Passkeys want a name.
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        facts = {"protocol": "ctap2", "transport": "internal"}
        facts |= dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
        made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": facts})
        self.devices, self.device = devices, made["authenticatorId"]

    def is_known(self, known: bool):
        """Whether the finger reader knows the finger from now on."""
        facts = {"authenticatorId": self.device, "isUserVerified": known}
        self.devices.send("WebAuthn.setUserVerified", facts)

    def keep(self, key: SoftKey):
        """The device has had a passkey for long."""
        facts = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8)
        secret = key.secret.private_bytes(*facts, serialization.NoEncryption())
        handle = websafe_decode(key.user_handle)
        told = {"credentialId": key.key_id, "privateKey": secret, "userHandle": handle}
        kept = {name: b64encode(value).decode() for name, value in told.items()}
        kept |= {"isResidentCredential": True, "rpId": HOST, "signCount": 0}
        facts = {"authenticatorId": self.device, "credential": kept}
        self.devices.send("WebAuthn.addCredential", facts)

    def go(self, path):
        self.page.goto(self.url + path)
        self.look()

    def press(self, what, to):
        self.page.locator(what).first.click()
        self.page.wait_for_url(f"**{to}")
        self.look()

    def look(self):
        assert problems_of(self.page) == []
        assert small_targets(self.page, least=24) == []
        if folder := os.environ.get("SHOTS"):
            name = self.page.url.removeprefix(self.url).strip("/").replace("/", "-")[:50]
            path = Path(folder) / f"passkey-{self.tag}-{next(_turn):03}-{name or 'home'}.png"
            self.page.screenshot(path=path, full_page=True)


def log_in(holder, user):
    """By e-mail address and password."""
    holder.go("/login/")
    holder.page.fill("#id_login", user.email)
    holder.page.fill("#id_password", PASSWORD)
    holder.press("form.wk-form .wk-actions button", "/")


def enrol(holder):
    """A passkey added as customers do."""
    holder.go("/access/2fa/webauthn/add/")
    holder.page.fill("#id_pin", PIN)
    holder.press("form.wk-form:visible button.wk-btn", "/confirm/passkey-on/")
    holder.page.fill("#id_code", code_in("code_change_passkey_on"))
    holder.press("form.wk-form:visible button.wk-btn", "/webauthn/add/")
    holder.page.fill("#id_name", "Simu yangu")
    holder.press('[data-passkey="add"]', "/recovery-codes/")


@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.mark.proves("IA47")
    @pytest.mark.parametrize("wishes", WAYS)
    def test_adds_a_passkey_logs_in_with_it_and_confirms_with_it(
        self, wishes, request, live_bank, new_page, demo_bank
    ):
        user = CustomerFactory().user
        user.language = "sw" if "locale" in wishes else "en"
        user.save()
        holder = Holder(new_page(**wishes), live_bank, request.node.callspec.id)
        log_in(holder, user)
        holder.go("/settings/security/")

        enrol(holder)
        assert holder.page.locator("li.wk-ref").count() == 10
        holder.go("/access/2fa/webauthn/")
        assert "Simu yangu" in holder.page.locator("main").inner_text()

        holder.go("/access/logout/")
        holder.page.locator("main form button").click()
        holder.go("/login/")
        holder.press('[data-passkey="get"]', ":*/")
        holder.go("/settings/security/sessions/")
        holder.go("/settings/security/logins/")
        assert holder.page.locator("tbody tr").count() >= 3

        holder.go("/settings/security/login-code/")
        holder.page.fill("#id_pin", PIN)
        holder.press("form.wk-form:visible button.wk-btn", "/confirm/login-code/")
        holder.press('[data-passkey="get"]', "/security/login-code/")

        holder.go("/access/logout/")
        holder.page.locator("main form button").click()
        holder.go("/login/")
        holder.page.fill("#id_login", user.email)
        holder.page.fill("#id_password", PASSWORD)
        holder.press("form.wk-form .wk-actions button", "/access/2fa/authenticate/")
        holder.press('[data-passkey="get"]', ":*/")
