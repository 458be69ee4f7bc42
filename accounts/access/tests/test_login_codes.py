"""The code by text or e-mail after the password, for who wants it."""

import time
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.access import login_codes
from accounts.access.models import LoginEvent
from accounts.access.step_up import NothingToProveWith
from accounts.access.tests.apps import give_app
from accounts.access.tests.steps import code_in, confirm, log_in, newest
from accounts.factories import PASSWORD, UserFactory
from accounts.notifications.models import Message
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
SWITCH, PAGE = "/settings/security/login-code/", "/login/code/"


def switch_on(client, channel="SMS"):
    confirm(client, "login-code")
    return client.post(SWITCH, {"channel": channel})


def wrong():
    return "000000" if code_in("code_login") != "000000" else "000001"


@pytest.fixture
def at_the_code(user):
    """A browser that gave the password and is asked for the texted code."""
    login_codes.choose(user, channel="SMS", at=datetime.now(UTC), actor=SYSTEM)
    browser = Client()
    log_in(browser, user.email, PASSWORD)
    return browser


class TestTheSwitch:
    def test_is_off_until_it_is_wanted(self, inside, user):
        assert user.login_code == ""
        assert inside.get(SWITCH)["Location"] == "/settings/security/confirm/login-code/"

    def test_says_that_it_is_the_weakest(self, inside):
        confirm(inside, "login-code")
        assert "is the weakest second step" in inside.get(SWITCH).content.decode()

    def test_tells_the_customer_both_ways(self, inside, user):
        assert switch_on(inside)["Location"] == "/settings/security/"

        user.refresh_from_db()
        assert user.login_code == "SMS"
        told = Message.objects.filter(user=user, kind="login_code_changed")
        assert sorted(told.values_list("channel", flat=True)) == ["EMAIL", "SMS"]

    def test_refuses_a_text_without_a_phone(self):
        user = UserFactory(phone="")
        with pytest.raises(NothingToProveWith):
            login_codes.choose(user, channel="SMS", at=datetime.now(UTC), actor=SYSTEM)

    def test_is_turned_off_the_same_way(self, inside, user):
        switch_on(inside)
        assert switch_on(inside, "NONE").status_code == 303
        user.refresh_from_db()
        assert user.login_code == ""

    def test_refuses_what_is_no_channel(self, inside, user):
        assert switch_on(inside, "PIGEON").status_code == 422
        user.refresh_from_db()
        assert user.login_code == ""


class TestLoggingIn:
    @pytest.mark.proves("IA16", "IA25")
    def test_asks_for_the_texted_code_before_anybody_is_in(self, inside, user):
        switch_on(inside)
        browser = Client()
        assert log_in(browser, user.email, PASSWORD)["Location"] == PAGE
        assert browser.get("/settings/").status_code == 302
        text = newest("code_login")
        assert (text.channel, text.recipient) == ("SMS", user.phone)

        answer = browser.post(PAGE, {"code": code_in("code_login")})

        assert answer["Location"] == "/"
        signed_in = browser.get("/settings/").wsgi_request.user
        assert signed_in == user
        assert not signed_in.is_verified()  # A text is not what staff's doors want.

    @pytest.mark.proves("IA25")
    def test_mails_it_to_who_wants_that(self, inside, user):
        switch_on(inside, "EMAIL")
        browser = Client()
        log_in(browser, user.email, PASSWORD)

        mail = newest("code_login")
        assert (mail.channel, mail.recipient) == ("EMAIL", user.email)
        assert browser.post(PAGE, {"code": code_in("code_login")})["Location"] == "/"

    def test_refuses_wrong_codes_writes_them_down_and_locks(self, at_the_code, user):
        right = code_in("code_login")
        bad = "000000" if right != "000000" else "000001"
        pages = [at_the_code.post(PAGE, {"code": bad}).content.decode() for _ in range(5)]

        assert "4 tries left" in pages[0]
        assert "Too many wrong codes" in pages[4]
        assert at_the_code.post(PAGE, {"code": right}).status_code == 422
        assert LoginEvent.objects.filter(user=user, result="CODE").count() == 6
        assert Client().get("/settings/").status_code == 302

    def test_takes_a_code_once(self, at_the_code, user):
        code = code_in("code_login")
        other = Client()
        log_in(other, user.email, PASSWORD)
        assert at_the_code.post(PAGE, {"code": code})["Location"] == "/"

        assert other.post(PAGE, {"code": code}).status_code == 422

    def test_takes_no_code_after_five_minutes(self, at_the_code, time_machine):
        code = code_in("code_login")
        time_machine.move_to(time.time() + 301)

        assert at_the_code.post(PAGE, {"code": code}).status_code == 422

    def test_texts_once_a_minute_however_often_one_begins(self, at_the_code, user, time_machine):
        for _ in range(3):
            log_in(Client(), user.email, PASSWORD)
        assert Message.objects.filter(user=user, kind="code_login").count() == 1
        again = at_the_code.post(PAGE, {"resend": "1"}, follow=True).content.decode()
        assert "We sent a code just now" in again

        time_machine.move_to(time.time() + 61)
        at_the_code.post(PAGE, {"resend": "1"})
        assert Message.objects.filter(user=user, kind="code_login").count() == 2

    def test_begins_a_session_with_another_key(self, at_the_code):
        before = at_the_code.session.session_key
        at_the_code.post(PAGE, {"code": code_in("code_login")})

        assert at_the_code.session.session_key != before

    def test_is_asked_of_nobody_else(self, client):
        assert client.get(PAGE)["Location"] == "/login/"
        assert client.post(PAGE, {"code": "123456"})["Location"] == "/login/"

    def test_gives_way_to_the_app(self, at_the_code, user):
        give_app(user)

        assert log_in(Client(), user.email, PASSWORD)["Location"] == "/access/2fa/authenticate/"

    def test_keeps_its_code_as_a_keyed_hash(self, at_the_code, user):
        from accounts.access.models import Challenge

        row = Challenge.objects.get(user=user, purpose="LOGIN")
        assert code_in("code_login") not in str(row.__dict__)
        assert len(row.code_hash) == 64
