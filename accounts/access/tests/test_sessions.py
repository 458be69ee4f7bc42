import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.access.models import LoginEvent
from accounts.access.tests.steps import log_in
from accounts.factories import PASSWORD, CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db
PROFILE = {"occupation": "Tailor, Moi Avenue 3"}


def minutes_pass(time_machine, minutes):
    time_machine.move_to(time.time() + timedelta(minutes=minutes).total_seconds())


class TestIdling:
    @pytest.mark.proves("IA15")
    def test_ends_a_customers_session_after_ten_minutes(self, inside, user, time_machine):
        minutes_pass(time_machine, 9.9)
        assert inside.get("/settings/").status_code == 200
        minutes_pass(time_machine, 10)

        answer = inside.get("/settings/security/?a=1")

        assert answer.status_code == 303
        assert answer["Location"] == "/session-ended/?next=%2Fsettings%2Fsecurity%2F%3Fa%3D1"
        assert inside.get("/settings/")["Location"].startswith("/login/")
        assert LoginEvent.objects.filter(user=user, result="OUT").exists()

    def test_gives_staff_fifteen(self, client, time_machine):
        staff = UserFactory(is_staff=True)
        client.force_login(staff)
        minutes_pass(time_machine, 14.9)
        assert client.get("/register/text/terms/").wsgi_request.user.is_authenticated
        minutes_pass(time_machine, 15.1)

        assert client.get("/settings/security/").status_code == 303

    def test_begins_anew_with_every_page(self, inside, time_machine):
        for _ in range(4):
            minutes_pass(time_machine, 8)
            assert inside.get("/settings/").status_code == 200

    def test_is_not_kept_off_by_a_page_that_asks_by_itself(self, inside, time_machine):
        for _ in range(4):
            minutes_pass(time_machine, 3)
            answer = inside.get("/settings/", headers={"X-Poll": "1"})
        assert answer.status_code == 303

    @pytest.mark.proves("IA15")
    def test_ends_even_a_busy_session_after_twelve_hours(self, inside, time_machine):
        for _ in range(12 * 60 // 9 - 1):
            minutes_pass(time_machine, 9)
            assert inside.get("/settings/").status_code == 200
        minutes_pass(time_machine, 9)

        answer = inside.get("/settings/")

        assert answer["Location"] == "/session-ended/?next=%2Fsettings%2F&why=age"
        assert "It is long since you logged in" in inside.get(answer["Location"]).content.decode()

    def test_tells_htmx_to_leave_the_page(self, inside, time_machine):
        minutes_pass(time_machine, 11)
        answer = inside.get("/settings/", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Redirect"]) == (
            204,
            "/session-ended/?next=%2Fsettings%2F",
        )

    def test_writes_the_session_once_a_minute_at_most(self, inside, django_assert_num_queries):
        before = inside.session["last_seen"]
        inside.get("/settings/")
        assert inside.session["last_seen"] == before


class TestDrafts:
    def lose(self, browser, time_machine, **facts):
        minutes_pass(time_machine, 11)
        return browser.post("/settings/profile/", PROFILE | facts)

    def test_bring_back_what_was_typed(self, inside, user, time_machine):
        answer = self.lose(inside, time_machine)
        assert answer["Location"] == "/session-ended/?next=%2Fsettings%2Fprofile%2F"

        log_in(inside, user.email, PASSWORD)
        page = inside.get("/settings/profile/").content.decode()

        assert "Tailor, Moi Avenue 3" in page
        user.customer.refresh_from_db()
        assert user.customer.occupation == ""  # Nothing was saved behind the customer's back.

    def test_are_given_once_and_to_nobody_else(self, inside, user, time_machine):
        self.lose(inside, time_machine)
        other = CustomerFactory().user
        log_in(inside, other.email, PASSWORD)
        assert "Moi Avenue" not in inside.get("/settings/profile/").content.decode()

        inside.post(reverse("account_logout"))
        log_in(inside, user.email, PASSWORD)
        assert "Moi Avenue" not in inside.get("/settings/profile/").content.decode()

    def test_keep_no_secret(self, inside, time_machine):
        self.lose(inside, time_machine, new_pin="2580", code="123456", password1="x" * 12)

        assert inside.session["draft"]["data"] == PROFILE


class TestALostSession:
    """The session is gone from the bank: deleted, or its cookie is."""

    ADDRESS = "/settings/profile/"

    def send(self, browser, **headers):
        Session.objects.all().delete()
        cache.clear()
        return browser.post(self.ADDRESS, PROFILE, headers=headers)

    def test_keeps_what_was_typed_for_the_same_person(self, inside, user):
        answer = self.send(inside)

        assert (answer.status_code, answer["Location"]) == (
            303,
            "/session-ended/?next=%2Fsettings%2Fprofile%2F&why=lost",
        )
        told = inside.get(answer["Location"]).content.decode()
        assert "Your session at the bank has ended" in told
        assert "What you typed is kept for 10 minutes" in told
        log_in(inside, user.email, PASSWORD)
        assert "Tailor, Moi Avenue 3" in inside.get(self.ADDRESS).content.decode()

    def test_shows_the_next_person_nothing_of_it(self, inside):
        self.send(inside)
        log_in(inside, CustomerFactory().user.email, PASSWORD)

        assert "Moi Avenue" not in inside.get(self.ADDRESS).content.decode()

    def test_is_kept_for_ten_minutes(self, inside, user, time_machine):
        self.send(inside)
        minutes_pass(time_machine, 10)
        log_in(inside, user.email, PASSWORD)

        assert "Moi Avenue" not in inside.get(self.ADDRESS).content.decode()

    def test_fills_the_window_and_no_corner_of_it(self, inside):
        page = "http://testserver/settings/profile/"
        answer = self.send(inside, hx_request="true", hx_current_url=page)

        assert (answer.status_code, answer["HX-Redirect"]) == (
            204,
            "/session-ended/?next=%2Fsettings%2Fprofile%2F&why=lost",
        )

    def test_says_so_when_nobody_can_tell_who_typed(self, inside):
        del inside.cookies["wekeza_person"]
        answer = self.send(inside)

        assert answer["Location"].endswith("&why=lost&typed=lost")
        assert "What you typed was not kept" in inside.get(answer["Location"]).content.decode()
        assert "draft" not in inside.session

    def test_believes_no_cookie_that_somebody_made(self, inside):
        inside.cookies["wekeza_person"] = "1:forged"

        assert self.send(inside)["Location"].endswith("&typed=lost")

    def test_after_logging_out_is_no_lost_session(self, inside):
        inside.post(reverse("account_logout"))

        assert inside.cookies["wekeza_person"].value == ""
        assert inside.post(self.ADDRESS, PROFILE)["Location"].endswith("&typed=lost")

    def test_of_a_page_that_is_only_opened_leads_to_the_login(self, inside):
        Session.objects.all().delete()
        cache.clear()

        assert inside.get(self.ADDRESS)["Location"] == "/login/?next=/settings/profile/"


class TestPages:
    @pytest.mark.parametrize("address", ["/settings/", "/settings/security/", "/access/2fa/"])
    def test_of_a_session_stay_out_of_every_cache(self, inside, address):
        answer = inside.get(address)

        assert answer["Cache-Control"] == "no-store"
        assert "HX-Request" in answer["Vary"]

    def test_are_closed_to_a_login_that_is_not_a_customer_yet(self, client):
        client.force_login(UserFactory())

        assert client.get("/settings/")["Location"] == reverse("accounts:customers:next_step")
        assert client.get("/")["Location"] == reverse("accounts:customers:next_step")

    def test_speak_the_customers_language_on_a_new_device(self, user):
        user.language = "sw"
        user.save()
        browser = Client()
        log_in(browser, user.email, PASSWORD)

        assert '<html lang="sw"' in browser.get("/settings/").content.decode()
