"""Who forgot the PIN chooses another with the password and a code, and not right after a theft."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import operations as access
from accounts.access import passwords, pins, queries
from accounts.access.models import LoginEvent, User
from accounts.access.refusals import NoPin, PinLocked, WrongPin
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import code_in, give_code, log_in, newest
from accounts.factories import PASSWORD, PIN, UserFactory
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
NEW, CONFIRM = "/settings/security/pin/new/", "/settings/security/confirm/pin/"
CHOSEN = {"new_pin": "7391", "new_pin_again": "7391"}
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def give_password(client, password=PASSWORD):
    return client.post(CONFIRM, {"password": password})


def opens_with(user, pin):
    try:
        pins.verify(user=user, pin=pin, at=timezone.now())
    except WrongPin:
        return False
    return True


class TestChoosingANewPin:
    def test_takes_the_password_then_a_code_then_the_pin(self, inside, user):
        assert inside.get(NEW)["Location"] == CONFIRM
        assert give_password(inside)["Location"] == CONFIRM
        assert "choose a new PIN" in newest("code_change_pin", user=user).body
        assert give_code(inside, "pin")["Location"] == NEW

        assert inside.post(NEW, CHOSEN)["Location"] == reverse("accounts:access:security")
        assert opens_with(user, "7391")
        assert not opens_with(user, PIN)

    def test_tells_the_customer_both_ways_and_makes_large_payments_wait(self, inside, user):
        give_password(inside)
        give_code(inside, "pin")
        before = timezone.now()
        inside.post(NEW, CHOSEN)

        messages = user.messages.filter(kind="pin_replaced")
        assert sorted(messages.values_list("channel", flat=True)) == ["EMAIL", "SMS"]
        assert queries.large_payments_from(user, at=before) >= before + DAY

    def test_ends_the_sessions_elsewhere(self, inside, user):
        elsewhere = Client()
        log_in(elsewhere, user.email, PASSWORD)
        give_password(inside)
        give_code(inside, "pin")
        inside.post(NEW, CHOSEN)

        assert inside.get("/settings/security/").status_code == 200
        assert elsewhere.get("/settings/security/")["Location"].startswith("/session-ended/")

    def test_is_done_with_the_app_where_there_is_one(self, client, user):
        give_app(user)
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(factor_changed_at=timezone.now() - 2 * DAY)

        give_password(client)
        assert newest("code_change_pin", user=user) is None
        code = code_at(timezone.now())
        assert client.post(CONFIRM, {"code": code})["Location"] == NEW
        assert client.post(NEW, CHOSEN).status_code == 303
        assert opens_with(user, "7391")

    def test_refuses_a_weak_one_and_lets_choose_again(self, inside, user):
        give_password(inside)
        give_code(inside, "pin")

        weak = inside.post(NEW, {"new_pin": "1234", "new_pin_again": "1234"})
        unlike = inside.post(NEW, {"new_pin": "7391", "new_pin_again": "7392"})

        assert (weak.status_code, unlike.status_code) == (422, 422)
        assert "not in order like 1234" in weak.content.decode()
        assert opens_with(user, PIN)
        assert inside.post(NEW, CHOSEN).status_code == 303

    def test_is_confirmed_for_one_pin(self, inside):
        give_password(inside)
        give_code(inside, "pin")
        inside.post(NEW, CHOSEN)

        assert inside.post(NEW, CHOSEN)["Location"] == CONFIRM

    def test_is_offered_where_a_pin_is_asked_for(self, inside):
        for page in ("/settings/security/pin/", "/settings/security/confirm/codes/"):
            html = inside.get(page, follow=True).content.decode()
            assert f'href="{NEW}"' in html


class TestBeforeThat:
    def test_the_pin_alone_opens_nothing(self, inside, user):
        inside.post(CONFIRM, {"pin": PIN})
        inside.post(CONFIRM, {"text": "1"})

        assert newest("code_change_pin", user=user) is None
        assert inside.post(NEW, CHOSEN)["Location"] == CONFIRM
        assert opens_with(user, PIN)

    def test_wrong_passwords_are_counted_as_at_the_login(self, inside, user):
        answers = [give_password(inside, "not the password") for _ in range(6)]
        right = give_password(inside)

        assert [answer.status_code for answer in answers[:5]] == [422] * 5
        assert "This is not your password" in answers[0].content.decode()
        assert (answers[5].status_code, right.status_code) == (429, 429)
        assert newest("code_change_pin", user=user) is None
        refused = LoginEvent.objects.filter(user=user, result=LoginEvent.Result.REFUSED)
        assert refused.count() == 5

    def test_a_right_password_leaves_no_refused_try_behind(self, inside, user):
        give_password(inside)

        assert not LoginEvent.objects.filter(user=user, result=LoginEvent.Result.REFUSED).exists()

    @pytest.mark.parametrize("what", ["factor_changed_at", "password_changed_at"])
    def test_a_day_passes_after_what_a_thief_would_change_first(self, inside, user, what):
        now = timezone.now()
        User.objects.filter(pk=user.pk).update(**{what: now - DAY + timedelta(minutes=5)})

        seen, asked = inside.get(CONFIRM), give_password(inside)
        assert (seen.status_code, asked.status_code) == (409, 409)
        assert "changed less than 24 hours ago" in asked.content.decode()
        assert newest("code_change_pin", user=user) is None

        User.objects.filter(pk=user.pk).update(**{what: now - DAY})
        assert give_password(inside).status_code == 303

    def test_a_new_password_counts_as_such_a_change(self, user):
        now = timezone.now()
        passwords.choose(user, password="another quiet lake at dawn", at=now)

        assert queries.new_pin_from(user, at=now) == now + DAY

    def test_three_wrong_pins_keep_this_off_too(self, inside, user):
        for _ in range(3):
            with pytest.raises((WrongPin, PinLocked)):
                pins.verify(user=user, pin="0007", at=timezone.now())

        answer = give_password(inside)
        assert answer.status_code == 423
        assert "Too many wrong tries. Sending is off until" in answer.content.decode()

    def test_no_code_of_another_change_is_good(self, inside, user):
        inside.post("/settings/security/confirm/codes/", {"pin": PIN})
        inside.post("/settings/security/confirm/phone/", {"pin": PIN})
        other = code_in("code_change_phone")
        give_password(inside)

        assert give_code(inside, "pin", other).status_code == 422

    def test_who_has_no_pin_is_sent_back(self):
        stranger = UserFactory()

        with pytest.raises(NoPin):
            access.replace_pin(
                stranger, new_pin="7391", at=timezone.now(), actor=Actor("LOGIN", "0")
            )
