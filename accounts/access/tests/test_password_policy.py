"""The switches of X16, each on and off: history, expiry, composition, security questions."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from accounts.access import passwords, questions
from accounts.access.models import DeviceSession
from accounts.access.password_models import PasswordPolicy, PastPassword, SecurityAnswer
from accounts.access.refusals import CodeLocked
from accounts.access.tests.apps import code_at, give_app
from accounts.access.tests.steps import confirm, log_in, newest
from accounts.factories import PASSWORD
from accounts.tariffs.tests.terms import added
from wekeza.kit.actor import SYSTEM
from wekeza.tests.api.steps import Program, refused

# The owner's row must be seen by the application, so nothing here runs in one transaction.
pytestmark = pytest.mark.django_db(transaction=True)
NEW = [f"seven goats cross river {turn}" for turn in "abcdefgh"]
ANSWERS = {"SCHOOL": "Kiambu Primary", "DISH": "Githeri"}
PAGE = "/settings/security/questions/"


@pytest.fixture
def policy(test_databases):
    """Makes the policy of today another one, as the owner of the terms does."""
    with added(test_databases) as add:

        def make(**switches):
            facts = {"source": "A test", "approved_by": "A test"}
            today = date(2026, 6, 1)
            return add(PasswordPolicy(effective_from=today, **facts, **switches))

        yield make


def now():
    return datetime.now(UTC)


def change(client, before, after):
    cache.clear()  # allauth allows five changes a minute.
    typed = {"oldpassword": before, "password1": after, "password2": after}
    return client.post(reverse("account_change_password"), typed)


def reset_page(user):
    """A browser that followed the link for a new password, and the page it stands on."""
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": user.phone})
    link = newest("password_reset_link", user=user).body.splitlines()[-1]
    return browser, browser.get(link.partition("testserver")[2])["Location"]


def test_a_new_bank_has_every_switch_off():
    policy = passwords.policy_at(now())

    assert policy.least_length == 12
    assert (policy.remembers, policy.expires_after_days) == (0, None)
    assert not (policy.needs_capital or policy.needs_digit or policy.needs_symbol)
    assert not policy.asks_questions


class TestThePolicy:
    def test_is_for_the_application_to_read(self):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            PasswordPolicy.objects.update(least_length=13)

    def test_is_never_shorter_than_twelve(self, policy):
        with pytest.raises(IntegrityError, match="passwords_are_12_to_64_long"):
            policy(least_length=11)

    def test_is_missed_loudly_where_there_is_none(self):
        with pytest.raises(passwords.NoPasswordPolicy):
            passwords.policy_at(datetime(2024, 12, 31, 20, 59, tzinfo=UTC))

    def test_asks_for_longer_ones_from_its_day_on(self, policy):
        validate_password("a quiet lake")
        policy(least_length=15)
        with pytest.raises(ValidationError, match="Use 15 or more characters"):
            validate_password("a quiet lake")


class TestHistory:
    @pytest.mark.proves("SE21")
    def test_refuses_the_last_ones_while_it_is_on(self, policy, inside):
        policy(remembers=3)
        used = [PASSWORD, *NEW[:3]]
        for before, after in zip(used, used[1:], strict=False):
            assert change(inside, before, after).status_code == 302

        for earlier in used[1:]:
            answer = change(inside, NEW[2], earlier)
            assert "You had that password before" in answer.content.decode()
        assert change(inside, NEW[2], PASSWORD).status_code == 302  # The fourth last one.

    def test_keeps_hashes_only_and_no_more_than_it_needs(self, policy, inside, user):
        policy(remembers=2)
        for before, after in zip([PASSWORD, *NEW[:4]], NEW[:5], strict=False):
            change(inside, before, after)

        kept = PastPassword.objects.filter(user=user)
        assert kept.count() == 2
        assert all(row.password.startswith("argon2") for row in kept)

    def test_is_not_kept_while_it_is_off(self, inside, user):
        change(inside, PASSWORD, NEW[0])

        assert change(inside, NEW[0], PASSWORD).status_code == 302
        assert not PastPassword.objects.filter(user=user).exists()

    def test_is_forgotten_when_it_is_turned_off(self, inside, user):
        PastPassword.objects.create(user=user, password="argon2$x", until=now())
        change(inside, PASSWORD, NEW[0])

        assert not PastPassword.objects.filter(user=user).exists()

    @pytest.mark.proves("SE21")
    def test_holds_for_a_reset_by_link_too(self, policy, user):
        policy(remembers=3)
        browser, page = reset_page(user)

        answer = browser.post(page, {"password1": PASSWORD, "password2": PASSWORD})

        assert "You had that password before" in answer.content.decode()


class TestExpiry:
    PAGE = "/login/new-password/"

    def later(self, time_machine, days):
        time_machine.move_to(time.time() + timedelta(days=days).total_seconds())

    @pytest.mark.proves("SE22")
    def test_leads_to_a_new_password_at_login_while_it_is_on(self, policy, user, time_machine):
        policy(expires_after_days=90)
        self.later(time_machine, 90)
        browser = Client()

        assert log_in(browser, user.email, PASSWORD)["Location"] == self.PAGE
        assert browser.get("/settings/").status_code == 302
        same = browser.post(self.PAGE, {"password1": PASSWORD, "password2": PASSWORD})
        assert "That is the one you have now" in same.content.decode()
        answer = browser.post(self.PAGE, {"password1": NEW[0], "password2": NEW[0]})

        assert answer["Location"] == "/"
        assert browser.get("/settings/").status_code == 200
        assert newest("password_changed", user=user) is not None
        assert log_in(Client(), user.email, NEW[0])["Location"] == "/"

    def test_gives_no_token_for_a_password_that_is_too_old(self, policy, user, time_machine):
        policy(expires_after_days=90)
        assert Program().sign_in(user.email).status_code == 200
        self.later(time_machine, 90)

        refused(Program().sign_in(user.email), 403, "PASSWORD_TOO_OLD")

    def test_asks_nobody_a_day_before(self, policy, user, time_machine):
        policy(expires_after_days=90)
        self.later(time_machine, 89)

        assert log_in(Client(), user.email, PASSWORD)["Location"] == "/"

    def test_asks_nobody_for_years_while_it_is_off(self, user, time_machine):
        self.later(time_machine, 3 * 365)

        assert log_in(Client(), user.email, PASSWORD)["Location"] == "/"

    def test_counts_from_the_last_change(self, policy, inside, user, time_machine):
        policy(expires_after_days=90)
        self.later(time_machine, 60)
        passwords.choose(user, password=NEW[0], at=now())
        self.later(time_machine, 60)

        assert log_in(Client(), user.email, NEW[0])["Location"] == "/"

    def test_comes_after_the_second_step(self, policy, user, time_machine):
        policy(expires_after_days=90)
        give_app(user)
        self.later(time_machine, 91)
        browser = Client()
        assert log_in(browser, user.email, PASSWORD)["Location"] == "/access/2fa/authenticate/"
        assert browser.get(self.PAGE)["Location"] == "/login/"

        answer = browser.post("/access/2fa/authenticate/", {"code": code_at(now())})

        assert answer["Location"] == self.PAGE

    def test_ends_other_sessions_with_the_old_one(self, policy, inside, user, time_machine):
        policy(expires_after_days=1)
        row = DeviceSession.objects.get(user=user)
        self.later(time_machine, 1)
        browser = Client()
        log_in(browser, user.email, PASSWORD)
        browser.post(self.PAGE, {"password1": NEW[0], "password2": NEW[0]})

        row.refresh_from_db()
        assert row.ended_by == "PASSWORD"

    def test_asks_nobody_who_did_not_come_so_far(self, client):
        assert client.get(self.PAGE)["Location"] == "/login/"


class TestComposition:
    SWITCHES = {"needs_capital": "a capital letter", "needs_digit": "a digit"}
    SWITCHES |= {"needs_symbol": "a sign like ! or ?"}

    @pytest.mark.proves("SE23")
    @pytest.mark.parametrize("switch", SWITCHES)
    def test_asks_for_each_kind_while_it_is_on(self, policy, switch):
        good = {"needs_capital": "A quiet lake at dawn", "needs_digit": "a quiet lake at 6 dawn"}
        good["needs_symbol"] = "a quiet lake at dawn!"
        policy(**{switch: True})

        validate_password(good[switch])
        with pytest.raises(ValidationError) as refused:
            validate_password("a quiet lake at dawn")
        assert self.SWITCHES[switch] in str(refused.value.messages)

    def test_asks_for_none_while_it_is_off(self):
        validate_password("a quiet lake at dawn")

    def test_is_said_beside_the_box(self, policy, client):
        assert "It needs" not in client.get("/register/").content.decode()
        policy(needs_digit=True, needs_symbol=True)

        page = client.get("/register/").content.decode()

        assert "It needs a digit, a sign like ! or ?" in page


class TestQuestions:
    def test_are_asked_of_nobody_while_they_are_off(self, inside, user):
        questions.choose(user, answers=ANSWERS, at=now(), actor=SYSTEM)
        assert "Security questions" not in inside.get("/settings/security/").content.decode()
        confirm(inside, "questions")
        assert inside.get(PAGE).status_code == 404

        browser, page = reset_page(user)
        answer = browser.post(page, {"password1": NEW[0], "password2": NEW[0]})

        assert answer["Location"].endswith("/done/")

    def test_stand_before_a_new_password_while_they_are_on(self, policy, inside, user):
        policy(asks_questions=True)
        assert "Security questions" in inside.get("/settings/security/").content.decode()
        confirm(inside, "questions")
        typed = {"question_1": "SCHOOL", "answer_1": "Kiambu Primary"}
        typed |= {"question_2": "DISH", "answer_2": "Githeri"}
        assert inside.post(PAGE, typed)["Location"] == "/settings/security/"

        browser, page = reset_page(user)
        assert "first school" in browser.get(page).content.decode()
        new = {"password1": NEW[0], "password2": NEW[0]}
        wrong = browser.post(page, new | {"answer_SCHOOL": "Thika", "answer_DISH": "Githeri"})
        assert "not the ones you gave us" in wrong.content.decode()
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

        right = {"answer_SCHOOL": " kiambu primary", "answer_DISH": "GITHERI"}
        assert browser.post(page, new | right)["Location"].endswith("/done/")
        user.refresh_from_db()
        assert user.check_password(NEW[0])

    def test_want_two_different_ones(self, policy, inside):
        policy(asks_questions=True)
        confirm(inside, "questions")
        typed = {"question_1": "DISH", "answer_1": "a", "question_2": "DISH", "answer_2": "b"}

        answer = inside.post(PAGE, typed)

        assert (answer.status_code, "Answer 2 different questions" in answer.content.decode()) == (
            422,
            True,
        )

    def test_lock_after_five_wrong_answers(self, user):
        questions.choose(user, answers=ANSWERS, at=now(), actor=SYSTEM)
        wrong, at = {"SCHOOL": "x", "DISH": "Githeri"}, now()
        for _ in range(4):
            with pytest.raises(questions.WrongAnswer):
                questions.check(user, answers=wrong, at=at)
        for typed in (wrong, ANSWERS):
            with pytest.raises(CodeLocked):
                questions.check(user, answers=typed, at=at)

        questions.check(user, answers=ANSWERS, at=at + timedelta(minutes=31))

    def test_refuse_too_few(self, user):
        with pytest.raises(questions.TooFewAnswers):
            questions.choose(user, answers={"DISH": "x"}, at=now(), actor=SYSTEM)

    def test_are_kept_as_argon2_of_a_keyed_hash(self, user):
        questions.choose(user, answers=ANSWERS, at=now(), actor=SYSTEM)

        rows = SecurityAnswer.objects.filter(user=user)
        assert all(row.answer_hash.startswith("argon2") for row in rows)
        assert "ithe" not in str(list(rows.values()))
