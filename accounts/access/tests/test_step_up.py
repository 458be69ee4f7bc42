"""A password alone changes nothing that protects the money, and what is new waits a day."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa import urls as mfa_urls
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import resolve, reverse

from accounts.access import queries, step_up
from accounts.access.models import MfaDevice
from accounts.access.step_up import Change
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import (
    code_in,
    confirm,
    give_code,
    give_pin,
    log_in,
    newest,
    register,
    spare_phone,
)
from accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)  # allauth tells of new devices on commit.
DAY = timedelta(hours=24)
PAGES = {
    "phone": "account_change_phone",
    "email": "account_email",
    "app-on": "mfa_activate_totp",
    "app-off": "mfa_deactivate_totp",
    "codes": "mfa_view_recovery_codes",
}
LOGGING_IN = {
    *("mfa_index", "mfa_authenticate", "mfa_reauthenticate"),
    *("mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def _names_in(patterns) -> set[str]:
    parts = [_names_in(part.url_patterns) for part in patterns if hasattr(part, "url_patterns")]
    return set().union(*parts, (part.name for part in patterns if hasattr(part, "name")))


def confirm_page(change):
    return f"/settings/security/confirm/{change}/"


class TestAPasswordAlone:
    @pytest.mark.parametrize("change", ["phone", "email", "app-on"])
    def test_opens_no_page_that_changes_what_protects_the_money(self, inside, user, change):
        page = reverse(PAGES[change])
        facts = {"phone": spare_phone(), "email": "thief@example.com", "action_add": "1"}

        for answer in (inside.get(page), inside.post(page, facts | {"code": "123456"})):
            assert answer["Location"] == confirm_page(change)
        inside.post("/access/reauthenticate/", {"password": PASSWORD})
        assert inside.post(page, facts)["Location"] == confirm_page(change)

        assert newest("code_phone", user=user) is None
        assert newest("email_confirmation", user=user) is None
        assert not Authenticator.objects.filter(user=user).exists()

    def test_takes_no_authenticator_away(self, client, user):
        give_app(user)
        client.force_login(user)

        answer = client.post(reverse("mfa_deactivate_totp"))

        assert answer["Location"] == confirm_page("app-off")
        assert MfaDevice.objects.filter(user=user).exists()

    def test_gets_not_even_a_text_sent(self, inside, user):
        for change in ("phone", "app-on"):
            inside.post(confirm_page(change), {"text": "1"})
            assert give_pin(inside, change, "0007").status_code == 422
            assert give_code(inside, change, "123456").status_code == 422

        assert newest("code_change_phone", user=user) is None
        assert newest("code_change_app_on", user=user) is None

    @pytest.mark.parametrize("change", PAGES)
    def test_finds_no_other_way_to_these_pages(self, change):
        assert resolve(reverse(PAGES[change])).func.only_confirmed == change

    def test_finds_no_page_of_second_factors_without_the_gate(self):
        for name in _names_in(mfa_urls.urlpatterns) - LOGGING_IN:
            key = [1] if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else []
            assert resolve(reverse(name, args=key)).func.only_confirmed in Change

    def test_sees_no_recovery_codes(self, client, user):
        give_app(user)
        client.force_login(user)

        for name in ("view", "generate", "download"):
            page = reverse(f"mfa_{name}_recovery_codes")
            assert client.get(page)["Location"] == confirm_page("codes")
            assert client.post(page)["Location"] == confirm_page("codes")


class TestConfirming:
    def test_texts_a_code_to_the_phone_of_now_that_names_the_change(self, inside, user):
        answer = give_pin(inside, "phone")

        text = newest("code_change_phone")
        assert (answer.status_code, answer["Location"]) == (303, confirm_page("phone"))
        assert text.recipient == user.phone
        assert "change your phone number" in text.body
        assert give_code(inside, "phone")["Location"] == reverse("account_change_phone")

    def test_begins_a_session_with_another_key(self, inside):
        before = inside.session.session_key
        confirm(inside, "phone")

        assert inside.session.session_key != before

    def test_counts_wrong_pins_and_codes(self, inside):
        assert "2 tries left" in give_pin(inside, "phone", "0007").content.decode()
        give_pin(inside, "phone")
        wrong = "000000" if code_in("code_change_phone") != "000000" else "000001"
        assert "4 tries left" in give_code(inside, "phone", wrong).content.decode()

    def test_is_good_for_one_change_of_one_kind_in_one_session(self, inside, user):
        confirm(inside, "phone")
        other = Client()
        log_in(other, user.email, PASSWORD)

        assert other.get(reverse("account_change_phone")).status_code == 302
        assert inside.get(reverse("account_email")).status_code == 302
        assert inside.get(reverse("account_change_phone")).status_code == 200
        inside.post(reverse("account_change_phone"), {"phone": spare_phone()})
        assert inside.get(reverse("account_change_phone")).status_code == 302

    def test_takes_its_code_once(self, inside):
        confirm(inside, "phone")
        code = code_in("code_change_phone")
        give_pin(inside, "phone")

        assert give_code(inside, "phone", code).status_code == 422

    def test_takes_no_code_of_another_change(self, inside):
        give_pin(inside, "email")
        give_pin(inside, "phone")
        code, right = code_in("code_change_email"), code_in("code_change_phone")

        assert code == right or give_code(inside, "phone", code).status_code == 422

    def test_takes_its_code_once_of_two_sessions_that_both_gave_the_pin(self, inside, user):
        other = Client()
        log_in(other, user.email, PASSWORD)
        give_pin(inside, "phone")
        give_pin(other, "phone")
        code = code_in("code_change_phone")

        assert give_code(inside, "phone", code).status_code == 303
        assert give_code(other, "phone", code).status_code == 422
        assert other.get(reverse("account_change_phone")).status_code == 302

    def test_asks_for_the_pin_again_however_often_a_text_is_asked_for(self, inside, time_machine):
        give_pin(inside, "phone")
        for _ in range(2):
            time_machine.move_to(time.time() + 151)
            inside.post(confirm_page("phone"), {"text": "1"})

        assert give_code(inside, "phone").status_code == 422
        assert "Enter your PIN" in inside.get(confirm_page("phone")).content.decode()

    def test_texts_nothing_in_place_of_the_app_but_to_turn_it_off(self, client, user):
        give_app(user)
        client.force_login(user)
        for change in ("phone", "email", "codes"):
            page = give_pin(client, change)
            assert "Text me a code" not in client.get(page["Location"]).content.decode()
            client.post(confirm_page(change), {"text": "1"})
            assert newest(f"code_change_{change}", user=user) is None

    def test_is_over_after_five_minutes(self, inside, time_machine):
        confirm(inside, "phone")
        time_machine.move_to(time.time() + 300)

        assert inside.get(reverse("account_change_phone")).status_code == 302

    def test_takes_the_apps_code_in_place_of_the_text(self, client, user):
        give_app(user)
        client.force_login(user)

        confirm(client, "phone", code=code_at(datetime.now(UTC)))

        assert client.get(reverse("account_change_phone")).status_code == 200
        assert newest("code_change_phone", user=user) is None

    def test_takes_the_code_alone_from_who_has_no_pin_yet(self, client):
        register(client, phone=spare_phone(), email="without.pin@example.com")

        assert client.get(reverse("account_email")).status_code == 302
        client.post(confirm_page("email"))
        give_code(client, "email")
        assert client.get(reverse("account_email")).status_code == 200

    def test_says_so_when_no_code_could_come(self, client):
        client.force_login(UserFactory(is_staff=True, phone=""))

        answer = client.get(reverse("mfa_activate_totp"), follow=True)

        assert answer.status_code == 409
        assert str(step_up.NothingToProveWith.text) in answer.content.decode()

    def test_is_no_page_for_anything_else(self, inside):
        assert inside.get(confirm_page("password")).status_code == 404


class TestWhatIsNew:
    def test_phone_waits_a_day(self, inside, user):
        number = spare_phone()
        confirm(inside, "phone")
        inside.post(reverse("account_change_phone"), {"phone": number})
        code = code_in("code_phone")
        inside.post(reverse("account_verify_phone"), {"action": "verify", "code": code})

        user.refresh_from_db()
        changed = user.factor_changed_at
        assert user.phone == number
        assert queries.large_payments_from(user, at=changed) == changed + DAY
        assert queries.large_payments_from(user, at=changed + DAY) is None

    def test_e_mail_waits_a_day(self, inside, user):
        address = f"new.{user.pk}@example.com"
        confirm(inside, "email")
        inside.post(reverse("account_email"), {"email": address, "action_add": "1"})
        page = reverse("account_email_verification_sent")
        inside.post(page, {"action": "verify", "code": code_in("email_confirmation")})

        user.refresh_from_db()
        assert user.email == address
        opens = queries.large_payments_from(user, at=user.factor_changed_at)
        assert opens == user.factor_changed_at + DAY

    def test_app_waits_a_day(self, user):
        now = datetime.now(UTC)
        give_app(user, since=now)

        assert queries.large_payments_from(user, at=now) == now + DAY
        assert queries.large_payments_from(user, at=now + DAY) is None

    def test_app_that_is_gone_waits_a_day_too(self, client, user):
        give_app(user)
        client.force_login(user)
        give_pin(client, "app-off")
        client.post(confirm_page("app-off"), {"text": "1"})
        give_code(client, "app-off")
        client.post(reverse("mfa_deactivate_totp"))

        user.refresh_from_db()
        changed = user.factor_changed_at
        assert queries.large_payments_from(user, at=changed) == changed + DAY

    def test_contacts_of_registering_wait_for_nothing(self, client, user):
        register(client, phone=spare_phone(), email="at.once@example.com")
        who = client.get("/register/details/").wsgi_request.user

        for login in (who, user):
            assert queries.large_payments_from(login, at=datetime.now(UTC)) is None
