"""Guessing at CI size (G14); `./bank drill logins` does it ten thousand times and with a clock."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import mfa
from accounts.access.models import LoginEvent
from accounts.access.refusals import CodeUsed, WrongCode
from accounts.access.tests.apps import SECRET, give_app
from accounts.access.tests.steps import confirm, log_in
from accounts.factories import PASSWORD, CustomerFactory

# What differs on every page: the form's token, and what was typed.
TYPED = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|value="[^"]*"')
pytestmark = pytest.mark.django_db


class TestGuessing:
    @pytest.mark.proves("SE26")
    def test_has_five_live_tries_an_account_in_fifteen_minutes_from_anywhere(self, user):
        for turn in range(40):
            log_in(Client(), user.email, f"guess number {turn}", REMOTE_ADDR=f"196.201.{turn}.1")

        events = LoginEvent.objects.filter(user=user)
        assert events.filter(result="REFUSED").count() == 5
        assert events.filter(result="BLOCKED").count() == 35
        assert log_in(Client(), user.email, PASSWORD).status_code == 422

    @pytest.mark.proves("SE26")
    def test_has_a_limit_for_an_address_over_many_accounts(self):
        for turn in range(110):
            log_in(Client(), f"nobody{turn}@example.com", "x" * 12, REMOTE_ADDR="196.201.9.9")

        events = LoginEvent.objects.filter(ip_address="196.201.9.9")
        assert events.filter(result="REFUSED").count() == 100
        assert log_in(Client(), CustomerFactory().user.email, PASSWORD)["Location"] == "/"

    def test_counts_the_whole_network_of_a_house_with_ipv6(self):
        for turn in range(102):
            log_in(
                Client(), f"house{turn}@example.com", "x" * 12, REMOTE_ADDR=f"2001:db8::{turn:x}"
            )
        log_in(Client(), "next@example.com", "x" * 12, REMOTE_ADDR="2001:db8:0:1::1")

        events = LoginEvent.objects.filter(ip_address__startswith="2001:db8:")
        assert events.filter(result="REFUSED").count() == 101
        assert events.filter(result="BLOCKED").count() == 2

    def test_says_the_same_of_known_and_unknown_people(self, user):
        pages = [
            log_in(Client(), typed, "not the password").content.decode()
            for typed in (user.email, "nobody@example.com", user.phone, "0799 999 999")
        ]

        said = {TYPED.sub("", page) for page in pages}
        assert len(said) == 1
        assert "do not match, or the account is not active" in said.pop()


class TestSessionKeys:
    @pytest.mark.proves("SE26")
    def test_change_at_login_and_at_every_step_up(self, user):
        browser = Client()
        browser.get("/login/")
        keys = [browser.session.session_key]
        log_in(browser, user.email, PASSWORD)
        keys.append(browser.session.session_key)
        confirm(browser, "email")
        keys.append(browser.session.session_key)

        assert len(set(keys)) == 3
        fixed = Client()
        fixed.cookies["session"] = keys[1]
        assert fixed.get("/settings/").status_code == 302


class TestAnotherAuthenticator:
    @pytest.mark.proves("IA24", "IA45")
    def test_is_believed_once_and_refused_the_second_time(self, user):
        give_app(user)
        app, at = pyotp.TOTP(SECRET), datetime.now(UTC)
        code = app.at(at)

        mfa.verify(user=user, code=code, at=at)
        with pytest.raises(CodeUsed):
            mfa.verify(user=user, code=code, at=at)
        mfa.verify(user=user, code=app.at(at + timedelta(seconds=30)), at=at)

    def test_is_not_believed_a_minute_later(self, user):
        give_app(user)
        app, at = pyotp.TOTP(SECRET), datetime.now(UTC)

        with pytest.raises(WrongCode):
            mfa.verify(user=user, code=app.at(at - timedelta(seconds=90)), at=at)

    @pytest.mark.proves("IA24")
    def test_logs_in_once(self, user):
        give_app(user)
        code, first, second = pyotp.TOTP(SECRET).now(), Client(), Client()
        for browser in (first, second):
            log_in(browser, user.email, PASSWORD)
        page = reverse("mfa_authenticate")

        assert first.post(page, {"code": code})["Location"] == "/"
        assert second.post(page, {"code": code}).status_code == 422
        assert "used already" in second.post(page, {"code": code}).content.decode()
