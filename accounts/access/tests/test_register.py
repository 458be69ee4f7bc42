import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.access import operations as access
from accounts.access.models import User
from accounts.access.tests.steps import (
    EMAIL,
    PASSWORD,
    PHONE,
    begin,
    code_in,
    confirm_email,
    confirm_phone,
    newest,
    register,
)
from accounts.factories import CustomerFactory
from accounts.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def same(page):
    """A page's words without what changes from one request to the next."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    text = re.sub(r'"X-CSRFToken": "[^"]+"', "", text)
    return re.sub(r"\b\d\d:\d\d\b", "hh:mm", text)  # A minute may end between two requests.


class TestRegister:
    @pytest.mark.proves("IA01", "UX08")
    def test_asks_for_phone_e_mail_and_password_and_confirms_both_by_codes(self, client):
        answer = begin(client)
        assert answer["Location"] == reverse("account_verify_phone")
        assert newest("code_phone").recipient == PHONE

        answer = confirm_phone(client)
        assert answer["Location"] == reverse("account_email_verification_sent")
        assert newest("email_confirmation_signup").recipient == EMAIL

        answer = confirm_email(client)
        user = User.objects.get(email=EMAIL)
        assert answer["Location"] == reverse("accounts:customers:next_step")
        assert (user.phone, user.is_phone_verified) == (PHONE, True)
        assert client.get("/", follow=True).redirect_chain[-1][0] == reverse(
            "accounts:customers:details"
        )

    def test_lets_nobody_in_before_both_codes(self, client):
        begin(client)
        assert client.get("/settings/")["Location"].startswith("/login/")
        confirm_phone(client)
        assert client.get("/settings/")["Location"].startswith("/login/")

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"phone": "0822 000 418"}, "Enter a Kenyan mobile number, like 0722 000 418"),
            ({"phone": "٠٧٢٢٠٠٠٤١٨"}, "Enter a Kenyan mobile number, like 0722 000 418"),
            ({"phone": ""}, "Enter your phone number, like 0722 000 418"),
            ({"email": "juma"}, "Enter an e-mail address, like name@example.com"),
            ({"password": "elevenchars"}, "Use 12 or more characters. A short sentence is good"),
            (
                {"password": "qwertyuiop123456"},
                "That password has appeared in a data leak. Choose another",
            ),
        ],
    )
    def test_says_what_is_wrong_and_makes_nothing(self, client, facts, words):
        answer = begin(client, **facts)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not User.objects.exists()

    @pytest.mark.parametrize("typed", ["722000418", "+254 722 000 418", "254-722-000-418"])
    def test_reads_phones_as_people_write_them(self, client, typed):
        begin(client, phone=typed)
        assert User.objects.get().phone == PHONE

    def test_keeps_the_phone_encrypted(self, client, django_assert_num_queries):
        from django.db import connection

        begin(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT phone FROM accounts_user")
            assert "722000418" not in cursor.fetchone()[0]


class TestCodes:
    def test_refuses_a_wrong_code_and_keeps_the_page(self, client):
        begin(client)
        wrong = "000000" if code_in("code_phone") != "000000" else "000001"

        answer = confirm_phone(client, wrong)

        assert answer.status_code == 422
        assert "That code is not right. Check it and try again" in answer.content.decode()
        assert confirm_phone(client).status_code == 302

    @pytest.mark.parametrize("typed", ["٤١٩٢٠٦", "４１９２０６", ""])
    def test_refuses_digits_of_other_scripts(self, client, typed):
        begin(client)
        page = reverse("account_verify_phone")
        assert client.post(page, {"action": "verify", "code": typed}).status_code == 422

    def test_ends_after_five_wrong_ones(self, client):
        begin(client)
        right = code_in("code_phone")
        wrong = "000000" if right != "000000" else "000001"
        answers = [confirm_phone(client, wrong) for _ in range(5)]

        assert [answer.status_code for answer in answers] == [422] * 4 + [302]
        assert confirm_phone(client, right)["Location"] == reverse("account_login")

    def test_expires_after_ten_minutes(self, client, time_machine):
        begin(client)
        code = code_in("code_phone")
        time_machine.move_to(time.time() + timedelta(minutes=10, seconds=2).total_seconds())

        assert confirm_phone(client, code)["Location"] == reverse("account_login")
        assert not User.objects.get().is_phone_verified

    def test_sends_another_after_half_a_minute_and_forgets_the_first(self, client, time_machine):
        begin(client)
        old, page = code_in("code_phone"), reverse("account_verify_phone")
        client.post(page, {"action": "resend"})
        assert Message.objects.filter(kind="code_phone").count() == 1

        time_machine.move_to(time.time() + timedelta(seconds=31).total_seconds())
        client.post(page, {"action": "resend"})
        assert Message.objects.filter(kind="code_phone").count() == 2
        if old != code_in("code_phone"):
            assert confirm_phone(client, old).status_code == 422
        assert confirm_phone(client).status_code == 302

    def test_works_for_one_session_only(self, client, client_of_another):
        begin(client)
        assert confirm_phone(client_of_another)["Location"] == reverse("account_login")


@pytest.fixture
def client_of_another():
    from django.test import Client

    return Client()


class TestNobodyLearnsWhoIsACustomer:
    """Words, statuses, steps and texts are the same for known and unknown phones and addresses."""

    MINE = {"phone": "0711 111 111", "email": "mine@example.com"}

    def steps(self, client, *, has_phone, **facts):
        """Everything that somebody sees who types these, and holds the phone or does not."""
        cache.clear()
        client.cookies.clear()
        before = Message.objects.count()
        answers = [begin(client, **facts)]
        page, second = reverse("account_verify_phone"), reverse("account_email_verification_sent")
        answers.append(client.get(page))
        if has_phone:
            answers += [confirm_phone(client), client.get(second)]
            answers += [client.post(second, {"action": "resend"})]
            page = second
        answers += [client.post(page, {"action": "verify", "code": "000000"}) for _ in range(5)]
        answers.append(client.get(page))
        seen = [(answer.status_code, answer.get("Location"), same(answer)) for answer in answers]
        return seen, Message.objects.count() - before

    def test_when_somebody_types_a_customers_e_mail_and_their_own_phone(self, client):
        known = CustomerFactory(user__email="nine@example.com").user
        fresh = self.steps(client, has_phone=True, phone="0711 111 111", email="mine@example.com")

        answer = self.steps(client, has_phone=True, phone="0711 111 111", email=known.email)

        assert answer[1] == fresh[1]
        assert [page[:2] for page in answer[0]] == [page[:2] for page in fresh[0]]
        swapped = [page[2].replace("n•••@", "m•••@") for page in answer[0]]
        assert swapped == [page[2] for page in fresh[0]]
        assert newest("account_already_exists").recipient == known.email
        assert Message.objects.filter(kind="email_confirmation_signup").count() == 1

    def test_when_somebody_types_a_customers_phone(self, client):
        known = CustomerFactory(user__phone="+254711111111").user
        taken = self.steps(client, has_phone=False, **self.MINE)
        assert newest("account_already_exists").recipient == known.phone
        User.objects.filter(pk=known.pk).update(phone_index="", is_phone_verified=False)

        assert self.steps(client, has_phone=False, **self.MINE) == taken

    def test_when_both_are_a_customers(self, client):
        known = CustomerFactory(user__phone="+254711111111").user
        fresh = self.steps(client, has_phone=False, phone="0722 222 222", email=known.email)[0]

        answer = self.steps(client, has_phone=False, phone="0711 111 111", email=known.email)[0]

        assert [page[:2] for page in answer] == [page[:2] for page in fresh]

    def test_and_nobody_takes_over_a_customers_e_mail(self, client):
        known = CustomerFactory().user
        begin(client, email=known.email)
        confirm_phone(client)
        code = client.session["account_email_verification_code"]["code"]

        answer = confirm_email(client, code)

        assert answer.status_code == 422
        assert client.get("/settings/").status_code == 302
        assert User.objects.get(email=known.email) == known


class TestBeginningAgain:
    def test_works_at_once_with_the_same_e_mail_and_phone(self, client):
        begin(client)
        confirm_phone(client)
        client.post(reverse("account_logout"), {"next": "/register/"})
        cache.clear()

        answer = register(client)

        assert answer["Location"] == reverse("accounts:customers:next_step")
        assert User.objects.count() == 1


class TestPhones:
    def test_belong_to_the_first_who_confirms(self, client, client_of_another):
        begin(client, email="one@example.com")
        first = code_in("code_phone")
        cache.clear()
        begin(client_of_another, email="two@example.com")
        second = code_in("code_phone")

        confirm_phone(client, first)
        answer = confirm_phone(client_of_another, second)

        assert answer.status_code == 422
        assert User.objects.filter(is_phone_verified=True).count() == 1

    def test_say_nothing_but_wrong_when_the_registration_is_gone(self, client, client_of_another):
        begin(client)
        code = code_in("code_phone")
        begin(client_of_another, phone="0733 333 333")  # The same e-mail, begun anew.

        answer = confirm_phone(client, code)

        assert answer.status_code == 422
        assert "That code is not right" in answer.content.decode()


class TestForgetUnfinished:
    def test_frees_an_address_whose_phone_was_never_confirmed(self, client):
        begin(client)
        assert access.forget_unfinished(before=timezone.now() - timedelta(hours=24)) == 0

        assert access.forget_unfinished(before=timezone.now() + timedelta(seconds=1)) == 1
        assert not User.objects.exists()

    def test_keeps_everybody_else(self, client):
        register(client, password=PASSWORD)
        CustomerFactory()

        assert access.forget_unfinished(before=timezone.now() + timedelta(seconds=1)) == 0
        assert User.objects.count() == 2
