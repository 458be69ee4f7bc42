"""Passkeys by a key of the standard's own parts: enrolled, used, and refused where they must be."""

import json
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.access import passkeys, queries
from accounts.access.models import DeviceSession, LoginEvent, MfaDevice
from accounts.access.tests.apps import give_app
from accounts.access.tests.keys import HOST, SoftKey
from accounts.access.tests.steps import confirm, give_pin, log_in, newest
from accounts.factories import PASSWORD, CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)  # allauth tells of new devices on commit.
ADD, LOGIN = "/access/2fa/webauthn/add/", "/access/2fa/webauthn/login/"
AUTHENTICATE = "/access/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def client():
    """A browser at localhost: passkeys belong to a host, and to HTTPS or this one."""
    return Client(SERVER_NAME=HOST)


def now():
    return datetime.now(UTC)


def add(client, key=None, name="My phone"):
    """A passkey added as a customer does; gives the key and the last answer."""
    key = key or SoftKey()
    confirm(client, "passkey-on")
    page = client.get(ADD)
    options = json.loads(json.dumps(page.context["js_data"]["creation_options"], default=dict))
    credential = key.made(options)
    return key, client.post(ADD, {"name": name, "credential": credential})


def sign_in(client, key):
    """Logging in with the passkey alone."""
    asked = client.get(LOGIN, headers={"Accept": "application/json"}).json()
    return client.post(LOGIN, {"credential": key.signed(asked["request_options"])})


@pytest.fixture
def key(inside):
    return add(inside)[0]


class TestAdding:
    def test_asks_for_pin_and_code_first(self, inside, user):
        assert inside.get(ADD)["Location"] == "/settings/security/confirm/passkey-on/"
        assert inside.post(ADD, {"name": "x"})["Location"].endswith("/confirm/passkey-on/")
        assert not queries.has_passkey(user)

    def test_keeps_it_tells_the_customer_and_gives_recovery_codes(self, inside, user):
        other = Client(SERVER_NAME=HOST)
        log_in(other, user.email, PASSWORD)
        _key, answer = add(inside)

        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        assert len(inside.get(answer["Location"]).context["unused_codes"]) == 10
        assert queries.passkeys_of(user).get().wrap().name == "My phone"
        assert newest("webauthn_added").recipient == user.email
        assert MfaDevice.objects.filter(user=user).exists()
        assert inside.get("/settings/").wsgi_request.user.is_verified()
        assert queries.large_payments_from(user, at=now()) is not None
        assert other.get("/settings/").status_code == 303  # Other sessions are ended.

    def test_refuses_one_that_does_not_ask_its_holder(self, inside, user):
        _key, answer = add(inside, SoftKey(is_verified=False))

        assert answer.status_code == 422
        assert not queries.has_passkey(user)

    @pytest.mark.parametrize("credential", ["", "x", "1", "[]", "{}", '{"response": 1}', "null"])
    def test_refuses_what_is_no_credential(self, inside, user, credential):
        confirm(inside, "passkey-on")
        inside.get(ADD)

        answer = inside.post(ADD, {"name": "x", "credential": credential})

        assert answer.status_code == 422
        assert not queries.has_passkey(user)

    def test_sets_no_script_into_the_page(self, inside):
        confirm(inside, "passkey-on")
        page = inside.get(ADD).content.decode()

        assert "application/json" not in page
        assert page.count("<script") == 3  # htmx, ours for every page, ours for passkeys.


class TestLoggingIn:
    @pytest.mark.proves("IA47")
    def test_with_it_alone_is_signed_in_and_verified(self, key, user, client):
        browser = Client(SERVER_NAME=HOST)
        before = browser.session.session_key
        answer = sign_in(browser, key)

        assert answer["Location"] == "/"
        assert browser.get("/settings/").wsgi_request.user.is_verified()
        assert browser.session.session_key != before
        session = DeviceSession.objects.filter(user=user, ended_at=None).latest("id")
        assert session.how == "PASSKEY"
        assert LoginEvent.objects.filter(user=user, result="IN").latest("id").how == "PASSKEY"

    def test_is_refused_to_another_key(self, key):
        thief = SoftKey(key_id=key.key_id, user_handle=key.user_handle)
        browser = Client(SERVER_NAME=HOST)

        assert sign_in(browser, thief)["Location"] == "/login/"
        page = browser.get("/login/").content.decode()
        assert "That passkey could not be used here" in page
        assert browser.get("/settings/").status_code == 302

    def test_is_refused_from_a_page_of_somebody_else(self, key):
        key.origin = "https://wekeza.example"

        assert sign_in(Client(SERVER_NAME=HOST), key)["Location"] == "/login/"

    def test_takes_a_signature_once(self, key):
        browser, thief = Client(SERVER_NAME=HOST), Client(SERVER_NAME=HOST)
        asked = browser.get(LOGIN, headers={"Accept": "application/json"}).json()
        credential = key.signed(asked["request_options"])
        assert browser.post(LOGIN, {"credential": credential})["Location"] == "/"

        sign_in(thief, SoftKey())  # So that the thief's session has a challenge of its own.
        assert thief.post(LOGIN, {"credential": credential})["Location"] == "/login/"

    def test_is_refused_to_a_copy_of_the_key(self, key):
        key.counter = 3
        assert sign_in(Client(SERVER_NAME=HOST), key)["Location"] == "/"

        browser = Client(SERVER_NAME=HOST)
        assert sign_in(browser, key)["Location"] == "/login/"
        assert "may have been copied" in browser.get("/login/").content.decode()

    @pytest.mark.parametrize("credential", ["", "x", "1", "[]", "{}", '{"response": 1}', "null"])
    def test_refuses_what_is_no_credential(self, client, credential):
        assert client.post(LOGIN, {"credential": credential})["Location"] == "/login/"

    def test_is_asked_for_after_a_password(self, key, user):
        browser = Client(SERVER_NAME=HOST)
        assert log_in(browser, user.email, PASSWORD)["Location"] == AUTHENTICATE
        assert browser.get("/settings/").status_code == 302
        options = browser.get(AUTHENTICATE).context["js_data"]["request_options"]

        answer = browser.post(AUTHENTICATE, {"credential": key.signed(plain(options))})

        assert answer["Location"] == "/"
        assert browser.get("/settings/").wsgi_request.user.is_verified()

    def test_writes_a_refused_one_into_the_history(self, key, user):
        browser = Client(SERVER_NAME=HOST)
        log_in(browser, user.email, PASSWORD)
        options = browser.get(AUTHENTICATE).context["js_data"]["request_options"]

        answer = browser.post(AUTHENTICATE, {"credential": SoftKey().signed(plain(options))})

        assert answer.status_code == 422
        assert LoginEvent.objects.filter(user=user, result="CODE").count() == 1

    def test_opens_with_a_recovery_code_when_the_key_is_lost(self, inside, key, user):
        spare = inside.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
        browser = Client(SERVER_NAME=HOST)
        log_in(browser, user.email, PASSWORD)

        assert browser.post(AUTHENTICATE, {"code": spare})["Location"] == "/"


class TestConfirmingAChange:
    def page(self, client, change):
        give_pin(client, change)
        return client.get(f"/settings/security/confirm/{change}/")

    def test_takes_the_signature_in_place_of_a_code(self, inside, key):
        page = self.page(inside, "email")
        before = inside.session.session_key

        answer = inside.post(page.request["PATH_INFO"], {"credential": key.signed(asked(page))})

        assert answer["Location"] == reverse("account_email")
        assert inside.session.session_key != before
        assert inside.get(reverse("account_email")).status_code == 200

    def test_signs_one_change_only(self, inside, key):
        credential = key.signed(asked(self.page(inside, "email")))
        page = self.page(inside, "phone")

        answer = inside.post(page.request["PATH_INFO"], {"credential": credential})

        assert answer.status_code == 422
        assert "That passkey could not be used here" in answer.content.decode()
        assert inside.get(reverse("account_change_phone")).status_code == 302

    def test_signs_once(self, inside, key):
        page = self.page(inside, "email")
        credential = key.signed(asked(page))
        inside.post(page.request["PATH_INFO"], {"credential": credential})
        self.page(inside, "email")

        answer = inside.post(page.request["PATH_INFO"], {"credential": credential})

        assert answer.status_code == 422

    def test_takes_no_code_in_its_place(self, inside, key):
        page = self.page(inside, "email")

        answer = inside.post(page.request["PATH_INFO"], {"code": "123456"})

        assert answer.status_code == 422
        assert inside.get(reverse("account_email")).status_code == 302

    def test_wants_the_pin_first(self, inside, key):
        page = "/settings/security/confirm/email/"
        assert "passkey" not in inside.get(page).context
        assert inside.post(page, {"credential": "{}"}).status_code == 422

    @pytest.mark.parametrize("credential", ["", "x", "1", "[]", "{}", '{"response": 1}', "null"])
    def test_refuses_what_is_no_credential(self, inside, key, credential):
        page = self.page(inside, "email")

        answer = inside.post(page.request["PATH_INFO"], {"credential": credential})

        assert answer.status_code == 422

    def test_of_another_login_is_refused(self, inside, key):
        other = CustomerFactory().user
        browser = Client(SERVER_NAME=HOST)
        log_in(browser, other.email, PASSWORD)
        theirs, _answer = add(browser)
        page = self.page(inside, "email")

        answer = inside.post(page.request["PATH_INFO"], {"credential": theirs.signed(asked(page))})

        assert answer.status_code == 422


class TestTheList:
    def test_renames_and_removes_after_confirming(self, inside, key, user):
        row = queries.passkeys_of(user).get()
        edit, remove = (
            reverse(f"mfa_{what}_webauthn", args=[row.pk]) for what in ("edit", "remove")
        )
        assert inside.get(edit)["Location"] == "/settings/security/confirm/passkey-off/"
        assert _confirm_by_key(inside, key) == edit  # Back to the page that was asked for.
        inside.post(edit, {"name": "Old phone"})
        assert queries.passkeys_of(user).get().wrap().name == "Old phone"

        assert inside.get(remove)["Location"] == "/settings/security/confirm/passkey-off/"
        _confirm_by_key(inside, key)
        inside.post(remove)

        assert not queries.has_passkey(user)
        assert newest("webauthn_removed").recipient == user.email
        assert not Authenticator.objects.filter(user=user).exists()
        assert not MfaDevice.objects.filter(user=user).exists()

    def test_removes_a_lost_one_by_text_and_large_payments_wait(self, inside, key, user):
        inside.get(reverse("mfa_remove_webauthn", args=[queries.passkeys_of(user).get().pk]))
        page = "/settings/security/confirm/passkey-off/"
        give_pin(inside, "passkey-off")
        inside.post(page, {"text": "1"})
        text = newest("code_change_passkey_off")

        assert text.recipient == user.phone
        assert "rename or remove a passkey" in text.body

    def test_shows_nobody_elses(self, inside, key, user):
        row = queries.passkeys_of(user).get()
        other = CustomerFactory().user
        give_app(other)
        browser = Client(SERVER_NAME=HOST)
        browser.force_login(other)

        assert "My phone" not in browser.get("/access/2fa/webauthn/").content.decode()
        page = reverse("mfa_remove_webauthn", args=[row.pk])
        assert browser.post(page)["Location"].endswith("/confirm/passkey-off/")


class TestVerify:
    def facts(self, user, digest="a"):
        return {"intent": "pay:1", "intent_digest": digest, "host": HOST}

    def test_takes_the_intent_that_was_shown_and_no_edited_one(self, inside, key, user):
        credential = key.signed(passkeys.options(user, **self.facts(user)))
        passkeys.verify(user, credential=credential, at=now(), **self.facts(user))

        with pytest.raises(passkeys.WrongPasskey):
            passkeys.verify(user, credential=credential, at=now(), **self.facts(user, "b"))

    def test_takes_no_signature_without_the_holders_finger(self, inside, key, user):
        key.is_verified = False
        credential = key.signed(passkeys.options(user, **self.facts(user)))

        with pytest.raises(passkeys.WrongPasskey):
            passkeys.verify(user, credential=credential, at=now(), **self.facts(user))


def plain(options):
    return json.loads(json.dumps(options, default=dict))


def asked(page):
    return plain(page.context["passkey"])


def _confirm_by_key(client, key) -> str:
    give_pin(client, "passkey-off")
    here = "/settings/security/confirm/passkey-off/"
    options = asked(client.get(here))
    return client.post(here, {"credential": key.signed(options)})["Location"]
