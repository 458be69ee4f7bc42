import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.access.models import LoginEvent, User
from accounts.access.tests.steps import log_in, newest
from accounts.factories import PASSWORD, CustomerFactory

MISMATCH = (
    "That e-mail or phone and password do not match, or the account is not active. "
    "Check them, or reset your password"
)
Result = LoginEvent.Result


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def user(db):
    return CustomerFactory(user__phone="+254722000418").user


def words(page):
    """The page without what changes from one request to the next."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    return re.sub(r'"X-CSRFToken": "[^"]+"', "", text)


class TestLogin:
    @pytest.mark.proves("IA03", "IA13", "IA14")
    def test_by_e_mail_leads_home(self, client, user):
        answer = log_in(client, user.email.upper(), PASSWORD)

        assert (answer.status_code, answer["Location"]) == (302, "/")
        number = user.customer.deposit_accounts.get().number
        assert number in client.get("/").content.decode()  # Home shows this customer's account.

    @pytest.mark.parametrize("typed", ["0722 000 418", "+254722000418", "254722000418"])
    def test_by_phone_as_people_write_it(self, client, user, typed):
        assert log_in(client, typed, PASSWORD)["Location"] == "/"

    def test_leads_back_to_the_page_that_was_asked_for(self, client, user):
        answer = client.get("/settings/security/")
        assert answer["Location"] == "/login/?next=/settings/security/"

        answer = client.post(
            answer["Location"], {"login": user.email, "password": PASSWORD, "next": "/settings/"}
        )
        assert answer["Location"] == "/settings/"

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"]
    )
    def test_leads_to_no_other_site(self, client, user, elsewhere):
        answer = client.post(
            "/login/", {"login": user.email, "password": PASSWORD, "next": elsewhere}
        )
        assert answer["Location"] == "/"

    def test_begins_a_new_session(self, client, user):
        client.get("/login/")
        session = client.session
        session["mark"] = 1
        session.save()
        before = client.session.session_key
        client.cookies["session"] = before

        log_in(client, user.email, PASSWORD)

        assert client.session.session_key != before

    @pytest.mark.proves("UX21")
    def test_says_one_thing_for_every_reason(self, client, user):
        inactive = CustomerFactory(user__is_active=False).user
        answers = [
            log_in(client, login, password)
            for login, password in [
                (user.email, "not the password"),
                ("nobody@example.com", "not the password"),
                (inactive.email, PASSWORD),
            ]
        ]

        assert [answer.status_code for answer in answers] == [422] * 3
        assert all(MISMATCH in answer.content.decode() for answer in answers)
        pages = {re.sub(r'value="[^"]*@example.com"', "", words(answer)) for answer in answers}
        assert len(pages) == 1
        assert client.get("/settings/")["Location"].startswith("/login/")

    @pytest.mark.parametrize("login", ["+254700000001", "neither", "٠٧٢٢٠٠٠٤١٨", "a" * 300])
    def test_says_the_same_for_what_is_nobodys(self, client, user, login):
        answer = log_in(client, login, "not the password")

        assert answer.status_code == 422
        assert MISMATCH in answer.content.decode()

    def test_works_without_the_cache(self, client, user, settings):
        settings.CACHES = {
            "default": {
                "BACKEND": "wekeza.kit.cache.SoftRedisCache",
                "LOCATION": "redis://127.0.0.1:9",
            }
        }
        assert log_in(client, user.email, PASSWORD)["Location"] == "/"


class TestTooManyTries:
    def test_keeps_a_login_waiting_after_five_wrong_ones(self, client, user, time_machine):
        for _ in range(5):
            assert MISMATCH in log_in(client, user.email, "wrong wrong wrong").content.decode()

        answer = log_in(client, user.email, PASSWORD)
        assert answer.status_code == 422
        assert "Too many tries. Wait 15 minutes, then try again" in answer.content.decode()

        time_machine.move_to(time.time() + timedelta(minutes=15, seconds=1).total_seconds())
        assert log_in(client, user.email, PASSWORD)["Location"] == "/"

    def test_counts_a_login_that_does_not_exist_alike(self, client, user):
        pages = [log_in(client, "nobody@example.com", "wrong wrong wrong") for _ in range(6)]

        assert "Too many tries" in pages[5].content.decode()

    def test_is_not_lengthened_by_going_on(self, client, user, time_machine):
        for _ in range(9):
            log_in(client, user.email, "wrong wrong wrong")
            time_machine.move_to(time.time() + timedelta(seconds=30).total_seconds())
        time_machine.move_to(time.time() + timedelta(minutes=13).total_seconds())

        assert log_in(client, user.email, PASSWORD)["Location"] == "/"

    def test_does_not_stop_another_customer_of_the_same_network(self, client, user):
        for _ in range(7):
            log_in(client, user.email, "wrong wrong wrong")
        other = CustomerFactory().user

        assert log_in(Client(), other.email, PASSWORD)["Location"] == "/"

    @pytest.mark.django_db(transaction=True)
    def test_gives_twelve_guesses_side_by_side_five_answers(self):
        user = CustomerFactory().user

        def guess(_):
            try:
                return log_in(Client(), user.email, "wrong wrong wrong").content.decode()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            pages = list(pool.map(guess, range(12)))

        assert sum(MISMATCH in page for page in pages) <= 5
        assert sum("Too many tries" in page for page in pages) >= 7


class TestHistory:
    def test_shows_the_customer_who_signed_in_and_who_failed(self, client, user):
        phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/129.0 Mobile"
        log_in(Client(), user.email, "wrong wrong wrong")
        log_in(client, user.email, PASSWORD, headers={"user-agent": phone})

        page = client.get("/settings/security/").content.decode()

        assert "Chrome · Android" in page
        assert "Wrong password" in page
        assert "Signed in" in page

    def test_keeps_no_password_and_no_typed_name(self, client, user):
        log_in(client, "somebody@example.com", "wrong wrong wrong")

        event = LoginEvent.objects.get()
        assert (event.user, event.result) == (None, Result.REFUSED)
        assert "somebody" not in event.login_index

    def test_says_on_each_page_when_one_was_last_here(self, client, user, time_machine):
        time_machine.move_to("2026-11-20T06:15:00Z", tick=False)
        log_in(Client(), user.email, PASSWORD, headers={"user-agent": "Firefox/130 (Windows)"})
        time_machine.move_to("2026-11-21T06:15:00Z", tick=False)
        log_in(client, user.email, PASSWORD)

        page = client.get("/settings/").content.decode()

        assert "You were last here 20 Nov 2026, 09:15 EAT, from Firefox · Windows." in page


class TestLogout:
    def test_ends_the_session_and_clears_the_browser(self, client, user):
        log_in(client, user.email, PASSWORD)
        answer = client.post(reverse("account_logout"))

        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert answer["Location"] == "/"
        assert client.get("/settings/")["Location"].startswith("/login/")
        assert LoginEvent.objects.filter(user=user, result=Result.OUT).count() == 1

    def test_is_no_link(self, client, user):
        log_in(client, user.email, PASSWORD)
        client.get(reverse("account_logout"))

        assert client.get("/settings/").status_code == 200


def link_in(message):
    return re.search(r"https?://\S+?(/access/\S+)", message.body)[1]


@pytest.mark.django_db
class TestResetPassword:
    NEW = "seven goats cross the bridge"

    def ask(self, client, typed):
        return client.post(reverse("account_reset_password"), {"email": typed})

    def use(self, client, link, password=NEW):
        page = client.get(link, follow=True)
        here = page.redirect_chain[-1][0] if page.redirect_chain else link
        return client.post(here, {"password1": password, "password2": password})

    @pytest.mark.proves("SE24")
    @pytest.mark.parametrize(
        ("typed", "kind"),
        [("juma@example.com", "password_reset_key"), ("0722 000 418", "password_reset_link")],
    )
    def test_sends_a_link_that_works_once(self, client, typed, kind):
        user = CustomerFactory(user__email="juma@example.com", user__phone="+254722000418").user
        assert self.ask(client, typed)["Location"] == reverse("account_reset_password_done")
        link = link_in(newest(kind))

        answer = self.use(client, link)

        assert answer["Location"] == reverse("account_reset_password_from_key_done")
        user.refresh_from_db()
        assert user.check_password(self.NEW)
        assert "no longer good" in Client().get(link).content.decode()
        assert newest("password_reset").recipient == user.email

    @pytest.mark.proves("SE24")
    @pytest.mark.parametrize("typed", ["juma@example.com", "0722 000 418"])
    def test_sends_a_link_that_ends_after_half_an_hour(self, client, typed, time_machine):
        CustomerFactory(user__email="juma@example.com", user__phone="+254722000418")
        self.ask(client, typed)
        link = link_in(newest("password_reset_key") or newest("password_reset_link"))
        time_machine.move_to(time.time() + timedelta(minutes=30, seconds=2).total_seconds())

        assert "no longer good" in client.get(link).content.decode()
        assert User.objects.get(email="juma@example.com").check_password(PASSWORD)

    @pytest.mark.parametrize("typed", ["nobody@example.com", "0799 999 999"])
    def test_answers_alike_for_what_is_nobodys(self, client, user, typed):
        known = self.ask(client, user.email if "@" in typed else "0722 000 418")
        cache.clear()
        answer = self.ask(client, typed)

        assert (answer.status_code, answer["Location"]) == (known.status_code, known["Location"])
        assert newest("unknown_account") is not None

    @pytest.mark.parametrize("typed", ["", "neither", "٠٧٢٢٠٠٠٤١٨"])
    def test_says_what_it_can_read(self, client, typed, db):
        assert self.ask(client, typed).status_code == 422

    def test_refuses_a_leaked_password(self, client, user):
        self.ask(client, user.email)
        answer = self.use(client, link_in(newest("password_reset_key")), "qwertyuiop123456")

        assert answer.status_code == 422
        assert "data leak" in answer.content.decode()

    def test_ends_the_sessions_of_before(self, client, user):
        thief = Client()
        log_in(thief, user.email, PASSWORD)
        self.ask(client, user.email)
        self.use(client, link_in(newest("password_reset_key")))

        assert thief.get("/settings/")["Location"].startswith("/login/")

    def test_leads_a_closed_login_nowhere(self, client, user):
        User.objects.update(is_active=False)
        for typed in (user.email, "0722 000 418"):
            self.ask(client, typed)
        assert newest("password_reset_key") is None
        assert newest("password_reset_link") is None


class TestChangePassword:
    def change(self, client, old=PASSWORD, new="seven goats cross the bridge"):
        facts = {"oldpassword": old, "password1": new, "password2": new}
        return client.post(reverse("account_change_password"), facts)

    @pytest.mark.proves("IA12")
    def test_keeps_this_session_and_ends_the_others(self, client, user):
        other = Client()
        for browser in (client, other):
            log_in(browser, user.email, PASSWORD)

        answer = self.change(client)

        assert answer["Location"] == "/settings/security/"
        assert "Your password is changed." in client.get(answer["Location"]).content.decode()
        assert other.get("/settings/")["Location"].startswith("/login/")
        assert newest("password_changed").recipient == user.email
        assert log_in(Client(), user.email, PASSWORD).status_code == 422

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ({"old": "not my password"}, "That is not your present password"),
            ({"new": "short"}, "Use 12 or more characters"),
            ({"new": "qwertyuiop123456"}, "data leak"),
        ],
    )
    def test_says_what_is_wrong(self, client, user, facts, said):
        log_in(client, user.email, PASSWORD)
        answer = self.change(client, **facts)

        assert answer.status_code == 422
        assert said in answer.content.decode()
