import re
import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.access import mfa
from accounts.access.models import MfaDevice
from accounts.access.refusals import CodeUsed
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import confirm, give_code, give_pin, log_in, newest, spare_phone
from accounts.factories import PASSWORD, CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)  # allauth tells of new devices on commit.


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def now():
    return datetime.now(UTC)


def turn_on(client):
    """Turn two-step login on as a customer does, and give the key that the page showed."""
    confirm(client, "app-on")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_at(now(), secret)})
    return secret, page, answer


def change(client, what, name, **facts):
    """A change that protects money: confirmed with PIN and code, and then sent."""
    confirm(client, what)
    return client.post(reverse(name), facts)


def type_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


class TestTurningOn:
    @pytest.mark.proves("IA12")
    def test_shows_a_picture_and_a_key_and_takes_the_first_code(self, inside, user):
        secret, page, answer = turn_on(inside)

        words = page.content.decode()
        drawing = re.search(r"<svg[^>]*wk-qr.*?</svg>", words, re.DOTALL)[0]
        assert "style=" not in drawing
        assert "data:" not in words
        assert secret in words
        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        assert MfaDevice.objects.filter(user=user).exists()
        assert newest("totp_activated").recipient == user.email

    def test_marks_the_session_as_verified(self, inside):
        assert not inside.get("/settings/").wsgi_request.user.is_verified()
        turn_on(inside)
        assert inside.get("/settings/").wsgi_request.user.is_verified()

    def test_spends_the_first_code_which_signs_nobody_in_after(self, inside, user):
        """RFC 6238, 5.2: a code that was accepted once is not accepted again."""
        secret, _page, answer = turn_on(inside)
        assert answer.status_code == 302
        code = code_at(now(), secret)

        browser = Client()
        log_in(browser, user.email, PASSWORD)
        assert type_code(browser, code).status_code == 422
        with pytest.raises(CodeUsed):
            mfa.verify(user=user, code=code, at=now())

    def test_refuses_a_wrong_first_code(self, inside, user):
        confirm(inside, "app-on")
        inside.get(reverse("mfa_activate_totp"))
        answer = inside.post(reverse("mfa_activate_totp"), {"code": "٢٨٧٠٨٢"})

        assert answer.status_code == 422
        assert not Authenticator.objects.filter(user=user).exists()

    def test_gives_recovery_codes_to_keep(self, inside):
        turn_on(inside)
        page = inside.get(reverse("mfa_view_recovery_codes"))
        codes = page.context["unused_codes"]

        assert len(codes) == 10
        assert all(code in page.content.decode() for code in codes)
        text = inside.get(reverse("mfa_download_recovery_codes"))
        assert all(code in text.content.decode() for code in codes)
        assert text["Cache-Control"] == "no-store"

    def test_makes_new_codes_for_who_proves_it_again(self, inside, time_machine):
        secret, _, _ = turn_on(inside)
        before = inside.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        time_machine.move_to(time.time() + 301)
        page = reverse("mfa_generate_recovery_codes")
        assert inside.post(page).status_code == 302

        give_pin(inside, "codes")
        give_code(inside, "codes", code_at(now(), secret))
        inside.post(page)

        after = inside.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        assert len(after) == 10
        assert not set(after) & set(before)


class TestLogin:
    def test_asks_for_the_code_before_anybody_is_in(self, client, user):
        give_app(user)
        answer = log_in(client, user.email, PASSWORD)

        assert answer["Location"] == reverse("mfa_authenticate")
        assert client.get("/settings/")["Location"].startswith("/login/")
        answer = type_code(client, code_at(now()))
        assert answer["Location"] == "/"
        assert client.get("/settings/").wsgi_request.user.is_verified()

    def test_refuses_a_wrong_code_and_counts_it(self, client, user):
        give_app(user)
        log_in(client, user.email, PASSWORD)
        answer = type_code(client, "000000")

        assert answer.status_code == 422
        assert "That code is not right. 4 tries left" in answer.content.decode()

    def test_locks_after_five_and_says_until_when(self, client, user):
        give_app(user)
        log_in(client, user.email, PASSWORD)
        pages = [type_code(client, "000000").content.decode() for _ in range(5)]

        assert "Too many wrong codes" in pages[-1]
        assert "Too many wrong codes" in type_code(client, code_at(now())).content.decode()

    def test_lets_a_code_sign_in_once_and_authorise_nothing_after(self, client, user):
        give_app(user)
        moment = now()
        log_in(client, user.email, PASSWORD)
        type_code(client, code_at(moment))

        other = Client()
        log_in(other, user.email, PASSWORD)
        assert "That code was used already" in type_code(other, code_at(moment)).content.decode()
        with pytest.raises(CodeUsed):
            mfa.verify(user=user, code=code_at(moment), at=moment, intent_digest="a" * 64)

    def test_takes_a_recovery_code_once(self, inside, user, time_machine):
        turn_on(inside)
        codes = inside.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        first, second = Client(), Client()
        log_in(first, user.email, PASSWORD)
        log_in(second, user.email, PASSWORD)

        assert type_code(first, codes[0])["Location"] == "/"
        assert type_code(second, codes[0]).status_code == 422
        assert type_code(second, codes[1])["Location"] == "/"

    def test_works_without_the_cache(self, client, user, settings):
        settings.CACHES = {
            "default": {
                "BACKEND": "wekeza.kit.cache.SoftRedisCache",
                "LOCATION": "redis://127.0.0.1:9",
            }
        }
        give_app(user)
        log_in(client, user.email, PASSWORD)

        assert type_code(client, code_at(now()))["Location"] == "/"


class TestTurningOff:
    def turn_off(self, client, secret, time_machine):
        give_pin(client, "app-off")
        time_machine.move_to(time.time() + 31)  # The code of a moment ago is used up.
        give_code(client, "app-off", code_at(now(), secret))
        return client.post(reverse("mfa_deactivate_totp"))

    def test_takes_pin_and_app_and_ends_the_verified_sessions(self, inside, user, time_machine):
        secret, _, _ = turn_on(inside)
        other = Client()
        log_in(other, user.email, PASSWORD)
        assert other.get("/settings/").status_code == 302

        answer = self.turn_off(inside, secret, time_machine)

        assert answer["Location"] == reverse("mfa_index")
        assert not MfaDevice.objects.filter(user=user).exists()
        assert not inside.get("/settings/").wsgi_request.user.is_verified()

    def test_takes_a_text_when_the_app_is_gone(self, inside, user):
        turn_on(inside)
        give_pin(inside, "app-off")
        inside.post("/settings/security/confirm/app-off/", {"text": "1"})
        give_code(inside, "app-off")

        inside.post(reverse("mfa_deactivate_totp"))

        assert not MfaDevice.objects.filter(user=user).exists()


class TestChangingContacts:
    @pytest.mark.proves("CK05")
    def test_moves_the_phone_after_its_code_and_tells_the_old_one(self, inside, user):
        before, after = user.phone, spare_phone()
        change(inside, "phone", "account_change_phone", phone=after)
        user.refresh_from_db()
        assert user.phone == before

        code = re.search(r"[0-9]{6}", newest("code_phone").body)[0]
        page = inside.post(reverse("account_verify_phone"), {"action": "verify", "code": code})

        assert page["Location"] == "/settings/profile/"
        user.refresh_from_db()
        assert (user.phone, user.is_phone_verified) == (after, True)
        assert newest("phone_changed").recipient == before

    def test_never_gives_a_customers_phone_to_another(self, inside, user):
        other = CustomerFactory().user
        answer = change(inside, "phone", "account_change_phone", phone=other.phone)

        assert answer["Location"] == reverse("account_verify_phone")
        assert not other.messages.filter(kind="code_phone").exists()
        assert newest("code_phone", user=user) is None
        page = inside.get(reverse("account_verify_phone")).content.decode()
        assert "We sent a text to" in page
        answer = inside.post(
            reverse("account_verify_phone"), {"action": "verify", "code": "123456"}
        )
        assert "That code is not right. 4 tries left" in answer.content.decode()
        user.refresh_from_db()
        assert user.phone != other.phone

    def test_sends_another_code_to_a_new_phone_after_a_minute(self, inside, user, time_machine):
        after = spare_phone()
        change(inside, "phone", "account_change_phone", phone=after)
        page, first = reverse("account_verify_phone"), newest("code_phone").pk
        answer = inside.post(page, {"action": "resend"}, follow=True)
        assert "We sent a code just now" in answer.content.decode()

        time_machine.move_to(time.time() + 61)
        answer = inside.post(page, {"action": "resend"}, follow=True)

        assert "We have sent a new code" in answer.content.decode()
        text = newest("code_phone")
        assert (text.pk > first, text.recipient) == (True, after)
        code = re.search(r"[0-9]{6}", text.body)[0]
        assert inside.post(page, {"action": "verify", "code": code}).status_code == 303
        user.refresh_from_db()
        assert user.phone == after

    @pytest.mark.proves("CK05")
    def test_moves_the_e_mail_after_its_code_and_tells_the_old_one(self, inside, user):
        before = user.email
        address = f"new.{user.pk}@example.com"
        change(inside, "email", "account_email", email=address, action_add="1")
        code = re.search(r"[0-9]{6}", newest("email_confirmation").body)[0]
        page = reverse("account_email_verification_sent")
        inside.post(page, {"action": "verify", "code": code})

        user.refresh_from_db()
        assert user.email == address
        assert newest("email_changed").recipient == before


class TestChangingThePin:
    def change(self, client, **facts):
        typed = {"old_pin": "2580", "new_pin": "7391", "new_pin_again": "7391"} | facts
        return client.post("/settings/security/pin/", typed)

    @pytest.mark.proves("IA12")
    def test_is_done_with_the_present_one(self, inside):
        answer = self.change(inside)

        assert (answer.status_code, answer["Location"]) == (303, "/settings/security/")
        assert "Your PIN is changed." in inside.get("/settings/security/").content.decode()

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ({"old_pin": "0007"}, "That PIN is not right. 2 tries left"),
            ({"new_pin": "1234", "new_pin_again": "1234"}, "Choose a PIN that is harder to guess."),
            ({"new_pin_again": "7392"}, "The two PINs are not the same. Type them again"),
            ({"new_pin": ""}, "Enter the PIN, 4 digits"),
        ],
    )
    def test_says_what_is_wrong(self, inside, facts, said):
        answer = self.change(inside, **facts)

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "7391" not in answer.content.decode()
