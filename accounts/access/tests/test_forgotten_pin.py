"""Who forgot the PIN chooses another with the password and a code, and not right after a theft."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import operations as access
from accounts.access import passwords, pins, queries
from accounts.access.models import (
    DeviceSession,
    KnownDevice,
    LoginEvent,
    User,
)
from accounts.access.refusals import PinLocked, PinTooNew, WrongPin
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import code_in, give_code, log_in, newest
from accounts.factories import PASSWORD, PIN, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NEW, CONFIRM = "/settings/security/pin/new/", "/settings/security/confirm/pin/"
CHOSEN = {"new_pin": "7391", "new_pin_again": "7391"}
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def inside(inside, user):
    """The customer's own browser, in which they logged in before."""
    KnownDevice.objects.filter(user=user).update(first_seen_at=timezone.now() - 2 * DAY)
    return inside


def sign_in_of_old(client, user):
    """Signed in with the app, in a browser that is known for long."""
    client.force_login(user)
    client.get("/settings/security/")
    old = timezone.now() - 2 * DAY
    known = KnownDevice.objects.create(
        user=user, cookie_index="old", first_seen_at=old, last_seen_at=old
    )
    DeviceSession.objects.filter(user=user).update(known_device=known)
    User.objects.filter(pk=user.pk).update(factor_changed_at=old)


def give_password(client, password=PASSWORD, number=None):
    number = number or User.objects.get(pk=client.session["_auth_user_id"]).customer.national_id
    return client.post(CONFIRM, {"password": password, "national_id": number})


def replace(client):
    """All of it."""
    give_password(client)
    give_code(client, "pin")
    return client.post(NEW, CHOSEN)


def opens_with(user, pin):
    try:
        pins.verify(user=user, pin=pin, at=timezone.now(), may_be_new=True)
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

    @pytest.mark.parametrize(
        ("said", "there"), [("/move/", "/move/"), ("//evil.example/", "/settings/security/")]
    )
    def test_leads_back_to_where_the_pin_was_asked_for(self, inside, said, there):
        asked = f"{NEW}?next={said}"
        assert inside.get(asked)["Location"] == CONFIRM
        give_password(inside)
        again = give_code(inside, "pin")["Location"]

        assert again == asked
        assert inside.post(again, CHOSEN)["Location"] == there

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
        sign_in_of_old(client, user)

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
            assert f'href="{NEW}?next=' in html


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
        assert "The password or the ID number is not right" in answers[0].content.decode()
        assert (answers[5].status_code, right.status_code) == (429, 429)
        assert newest("code_change_pin", user=user) is None
        refused = LoginEvent.objects.filter(user=user, result=LoginEvent.Result.REFUSED)
        assert refused.count() == 5

    def test_another_id_number_is_counted_in_the_same_words(self, inside, user):
        wrong = give_password(inside, number="11223344")

        assert wrong.status_code == 422
        assert "The password or the ID number is not right" in wrong.content.decode()
        assert newest("code_change_pin", user=user) is None
        assert LoginEvent.objects.filter(user=user, result=LoginEvent.Result.REFUSED).count() == 1

    def test_a_browser_that_is_new_waits_a_day(self, inside, user):
        now = timezone.now()
        device = KnownDevice.objects.filter(user=user)
        device.update(first_seen_at=now - DAY + timedelta(minutes=5))

        assert (inside.get(CONFIRM).status_code, give_password(inside).status_code) == (409, 409)

        device.update(first_seen_at=now - DAY)
        assert give_password(inside).status_code == 303

    def test_what_changed_after_the_code_keeps_the_old_pin(self, inside, user):
        give_password(inside)
        give_code(inside, "pin")
        User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now())

        assert inside.post(NEW, CHOSEN)["Location"] == reverse("accounts:access:security")
        assert opens_with(user, PIN)

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

        assert queries.new_pin_from(user, device=None, at=now) == now + DAY

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

    def test_who_has_no_pin_hears_it_and_is_texted_nothing(self, client):
        stranger = UserFactory()
        client.force_login(stranger)

        answer = client.post(CONFIRM, {"password": PASSWORD, "national_id": "11223344"})

        assert answer.status_code == 409
        assert "You have no transaction PIN yet" in answer.content.decode()
        assert newest("code_change_pin", user=stranger) is None
        assert client.post(NEW, CHOSEN)["Location"] == reverse("accounts:access:security")


class TestThePinOfTheFirstDay:
    """Whoever chose it may hold nothing but somebody's phone."""

    @pytest.mark.parametrize("change", ["phone", "email", "app-on", "codes", "data", "api-key"])
    def test_confirms_no_change(self, inside, user, change):
        replace(inside)

        answer = inside.post(f"/settings/security/confirm/{change}/", {"pin": "7391"})

        assert "Your PIN is new" in answer.content.decode()
        assert newest(f"code_change_{change.replace('-', '_')}", user=user) is None

    def test_proves_nothing_else_unless_the_room_takes_it(self, inside, user):
        replace(inside)
        now = timezone.now()

        with pytest.raises(PinTooNew) as refused:
            pins.verify(user=user, pin="7391", at=now)
        assert "For 24 hours it sends small payments only" in str(refused.value)
        with pytest.raises(WrongPin):
            pins.verify(user=user, pin=PIN, at=now)
        pins.verify(user=user, pin="7391", at=now + DAY)

    def test_grows_no_older_by_changing_it(self, inside, user):
        replace(inside)
        now = timezone.now()
        access.change_pin(user, old_pin="7391", new_pin="8642", at=now, actor=user.customer.actor)

        with pytest.raises(PinTooNew):
            pins.verify(user=user, pin="8642", at=now)
