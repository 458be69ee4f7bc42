"""Sessions as rows: seen, listed, and ended at once on every door."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.access import sessions, tasks
from accounts.access.devices import Facts
from accounts.access.models import DeviceSession, How
from accounts.access.signals import DEVICE_SESSION
from accounts.access.tests.apps import give_app
from accounts.access.tests.steps import code_in, confirm, give_code, give_pin, log_in, spare_phone
from accounts.factories import PASSWORD, CustomerFactory, UserFactory
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import SYSTEM
from wekeza.kit.sessions import SessionStore, place_of

pytestmark = pytest.mark.django_db
PAGE = "/settings/security/sessions/"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
NEW = "seven goats cross the river"


def now():
    return datetime.now(UTC)


def browser_of(user, **more):
    browser = Client(**more)
    log_in(browser, user.email, PASSWORD)
    return browser


def row_of(browser):
    return DeviceSession.objects.get(public_id=browser.session[DEVICE_SESSION])


def is_in(browser):
    return browser.get("/settings/").status_code == 200


class TestOpening:
    @pytest.mark.proves("IA39")
    def test_writes_who_where_from_and_how_and_no_key(self, user):
        browser = browser_of(user, headers={"User-Agent": PHONE})

        row = row_of(browser)
        assert (row.user, row.device, row.how) == (user, "Chrome · Android", "PASSWORD")
        assert row.ip_address == "127.0.0.1"
        assert row.ended_at is None
        assert browser.session.session_key not in str(DeviceSession.objects.values())

    def test_is_for_tokens_too(self, user):
        row = sessions.open(user, how=How.TOKEN, facts=Facts("196.201.1.1", "curl"), at=now())
        assert sessions.of_program(row.public_id)

        assert sessions.end(row, why=sessions.Ended.OUT, at=now())
        assert not sessions.end(row, why=sessions.Ended.BANK, at=now())
        assert not sessions.of_program(row.public_id)
        assert DeviceSession.objects.get(pk=row.pk).ended_by == "OUT"

    def test_of_a_login_that_is_no_longer_active_is_not_open(self, user):
        row = sessions.open(user, how=How.TOKEN, facts=Facts(), at=now())
        user.is_active = False
        user.save()

        assert not sessions.of_program(row.public_id)

    def test_follows_the_browser_to_another_key(self, inside):
        before = row_of(inside).key_index
        confirm(inside, "email")

        assert row_of(inside).key_index != before
        assert is_in(inside)

    def test_notes_a_request_once_a_minute_at_most(self, inside, time_machine):
        first = row_of(inside).seen_at
        time_machine.move_to(time.time() + 50)
        inside.get("/settings/")
        assert row_of(inside).seen_at == first

        time_machine.move_to(time.time() + 11)
        inside.get("/settings/")
        assert row_of(inside).seen_at - first >= timedelta(seconds=60)

    def test_is_not_without_a_reason_at_its_end(self, inside):
        row = row_of(inside)
        row.ended_at = now()
        with pytest.raises(IntegrityError, match="ended_session_says_why"), transaction.atomic():
            row.save()


class TestThePage:
    def test_lists_open_sessions_and_marks_this_one(self, inside, user):
        browser_of(user, headers={"User-Agent": PHONE})
        gone = browser_of(user)
        gone.post(reverse("account_logout"))

        page = inside.get(PAGE).content.decode()

        assert "This one" in page
        assert "Chrome · Android" in page
        assert page.count('name="session"') == 1

    def test_ends_one_at_once(self, inside, user):
        other = browser_of(user)
        row = row_of(other)

        answer = inside.post(PAGE, {"session": str(row.public_id)})

        assert answer["Location"] == PAGE
        assert is_in(inside)
        ended = other.get("/settings/")
        assert ended["Location"] == "/session-ended/?next=%2Fsettings%2F&why=ended"
        assert "This session was ended" in other.get(ended["Location"]).content.decode()
        row.refresh_from_db()
        assert row.ended_by == "REMOTE"
        assert AuditEntry.objects.filter(deed="access.session_ended").exists()

    def test_ends_all_others(self, inside, user):
        others = [browser_of(user) for _ in range(2)]
        answer = inside.post(PAGE, {"others": "1"}, follow=True)

        assert "2 other sessions are ended" in answer.content.decode()
        assert is_in(inside)
        assert not any(map(is_in, others))

    def test_ends_every_one_here_too(self, inside, user):
        other = browser_of(user)
        token = sessions.open(user, how=How.TOKEN, facts=Facts(), at=now())

        assert inside.post(PAGE, {"all": "1"})["Location"] == "/login/"

        assert not is_in(inside)
        assert not is_in(other)
        assert not sessions.of_program(token.public_id)

    @pytest.mark.parametrize("wrong", ["", "x", "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"])
    def test_knows_no_session_of_nobody(self, inside, wrong):
        assert inside.post(PAGE, {"session": wrong}).status_code == 404

    def test_ends_nobody_elses(self, inside):
        other = browser_of(CustomerFactory().user)

        answer = inside.post(PAGE, {"session": str(row_of(other).public_id)})

        assert answer.status_code == 404
        assert is_in(other)

    def test_refuses_in_words(self, user):
        with pytest.raises(sessions.NoSuchSession, match="no such session of yours"):
            sessions.end_one(user, public_id="x", at=now(), actor=SYSTEM)


class TestAnEndedSession:
    def test_does_not_live_on_in_a_cache(self, inside, user):
        assert is_in(inside)
        assert cache.get(place_of(SessionStore.cache_key_prefix + inside.session.session_key))
        sessions.end_others(user, why=sessions.Ended.BANK, at=now(), actor=SYSTEM)

        assert not is_in(inside)

    def test_is_out_without_a_cache_too(self, inside, user, settings):
        settings.CACHES = {
            "default": {
                "BACKEND": "wekeza.kit.cache.SoftRedisCache",
                "LOCATION": "redis://127.0.0.1:9",
            }
        }
        assert is_in(inside)
        sessions.end_others(user, why=sessions.Ended.BANK, at=now(), actor=SYSTEM)

        assert not is_in(inside)

    def test_changes_nothing_by_the_form_that_it_sends(self, inside, user):
        sessions.end_others(user, why=sessions.Ended.BANK, at=now(), actor=SYSTEM)

        answer = inside.post("/settings/profile/", {"address": "Moi Avenue 3", "occupation": "x"})

        assert answer["Location"].endswith("why=ended&typed=lost")
        user.customer.refresh_from_db()
        assert user.customer.occupation == ""

    def test_tells_htmx_to_leave_the_page(self, inside, user):
        sessions.end_others(user, why=sessions.Ended.BANK, at=now(), actor=SYSTEM)
        answer = inside.get("/settings/", headers={"HX-Request": "true"})

        assert (answer.status_code, "why=ended" in answer["HX-Redirect"]) == (204, True)

    def test_is_whose_data_was_copied_to_another_key(self, inside):
        copied = Session.objects.get(session_key=place_of(inside.session.session_key))
        cookie = "copied" + inside.session.session_key[6:]
        copied.pk = place_of(cookie)
        copied.save(force_insert=True)
        thief = Client()
        thief.cookies["session"] = cookie

        assert not is_in(thief)


class TestWhatEndsTheOthers:
    def test_a_new_password(self, inside, user):
        other, token = browser_of(user), sessions.open(user, how=How.TOKEN, facts=Facts(), at=now())
        typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        inside.post(reverse("account_change_password"), typed)

        assert is_in(inside)
        assert not is_in(other)
        assert not sessions.of_program(token.public_id)
        ends = DeviceSession.objects.filter(user=user).values_list("ended_by", flat=True)
        assert sorted(ends) == ["", "PASSWORD", "PASSWORD"]

    def test_a_new_phone(self, inside, user):
        other = browser_of(user)
        confirm(inside, "phone")
        inside.post(reverse("account_change_phone"), {"phone": spare_phone()})
        code = {"action": "verify", "code": code_in("code_phone")}
        assert inside.post(reverse("account_verify_phone"), code).status_code == 303

        assert is_in(inside)
        assert not is_in(other)

    def test_a_code_at_login(self, inside, user):
        other = browser_of(user)
        give_pin(inside, "login-code")
        give_code(inside, "login-code")
        inside.post("/settings/security/login-code/", {"channel": "SMS"})

        assert is_in(inside)
        assert not is_in(other)

    def test_staff_who_leave(self, client):
        staff = UserFactory(is_staff=True)
        client.force_login(staff)
        assert client.get("/settings/security/").status_code == 200

        sessions.end_others(staff, why=sessions.Ended.BANK, at=now(), actor=SYSTEM)

        assert client.get("/settings/security/").status_code == 303


class TestEndingStale:
    def test_writes_down_what_idled_or_is_too_old(self, inside, user, time_machine):
        row = row_of(inside)
        token = sessions.open(user, how=How.TOKEN, facts=Facts(), at=now())
        time_machine.move_to(time.time() + 10 * 60)
        tasks.end_stale_sessions()
        row.refresh_from_db()
        assert row.ended_at is None

        time_machine.move_to(time.time() + 2 * 60)
        tasks.end_stale_sessions()

        row.refresh_from_db()
        assert row.ended_by == "IDLE"
        assert sessions.of_program(token.public_id)

    def test_says_age_of_what_is_busy_for_too_long(self, inside, time_machine):
        row = row_of(inside)
        row.started_at = now() - timedelta(hours=12)
        row.save()
        tasks.end_stale_sessions()

        row.refresh_from_db()
        assert row.ended_by == "AGE"

    def test_idling_at_the_door_says_so_too(self, inside, time_machine):
        row = row_of(inside)
        time_machine.move_to(time.time() + 11 * 60)
        inside.get("/settings/")

        row.refresh_from_db()
        assert row.ended_by == "IDLE"


@pytest.mark.django_db(transaction=True)
class TestFactors:
    def test_a_second_factor_ends_the_others_when_it_goes(self, inside, user):
        give_app(user)
        other = Client()
        other.force_login(user)
        give_pin(inside, "app-off")
        inside.post("/settings/security/confirm/app-off/", {"text": "1"})
        give_code(inside, "app-off")
        inside.post(reverse("mfa_deactivate_totp"))

        assert is_in(inside)
        assert not is_in(other)
