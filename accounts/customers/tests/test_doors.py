from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.steps import PASSWORD, log_in, register
from accounts.customers import consents
from accounts.customers.models import Consent, Customer
from accounts.factories import PASSWORD as TEST_PASSWORD
from accounts.factories import CustomerFactory

pytestmark = pytest.mark.django_db

DETAILS = {
    "full_name": "Juma Otieno",
    "national_id": "28765432",
    "date_of_birth_0": "27",
    "date_of_birth_1": "3",
    "date_of_birth_2": "1994",
}
PIN = {"pin": "2580", "pin_again": "2580"}
AGREED = {"terms": "on", "data": "on", "seen": " ".join(consents.hashes(language="en"))}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def newcomer(client):
    register(client)
    return client


def page(name):
    return reverse(f"accounts:customers:{name}")


class TestRegistering:
    @pytest.mark.proves("IA01", "CK01", "UX08")
    def test_leads_from_the_codes_to_an_open_account(self, newcomer):
        assert newcomer.get(page("next_step"))["Location"] == page("details")
        assert newcomer.post(page("details"), DETAILS)["Location"] == page("next_step")
        assert newcomer.get(page("next_step"))["Location"] == page("pin")
        newcomer.post(page("pin"), PIN)
        assert newcomer.get(page("next_step"))["Location"] == page("check")

        checked = newcomer.get(page("check")).content.decode()
        assert all(words in checked for words in ["Juma Otieno", "28765432", "27 Mar 1994"])
        assert "How we use your data" in checked

        answer = newcomer.post(page("check"), AGREED)
        assert (answer.status_code, answer["Location"]) == (303, page("welcome"))
        welcome = newcomer.get(page("welcome")).content.decode()
        customer = Customer.objects.get()
        assert "Welcome, Juma. Your account is open." in welcome
        assert customer.deposit_accounts.get().number in welcome
        assert "Tier 1: send up to KES\u00a050,000.00 a day." in welcome

    def test_opens_once_for_two_taps(self, newcomer):
        newcomer.post(page("details"), DETAILS)
        newcomer.post(page("pin"), PIN)
        answers = [newcomer.post(page("check"), AGREED) for _ in range(2)]

        assert [answer["Location"] for answer in answers] == [page("welcome")] * 2
        assert Customer.objects.get().deposit_accounts.count() == 1

    def test_shows_the_text_again_when_it_is_another_than_was_read(self, newcomer):
        newcomer.post(page("details"), DETAILS)
        newcomer.post(page("pin"), PIN)
        shown = newcomer.get(page("check")).content.decode()
        assert f'name="seen" value="{AGREED["seen"]}"' in shown

        answer = newcomer.post(page("check"), AGREED | {"seen": "of yesterday"})

        assert answer.status_code == 422
        assert "The text has changed since you read it" in answer.content.decode()
        assert not Consent.objects.exists()

    def test_ticks_nothing_beforehand_and_asks_for_two_of_three(self, newcomer):
        newcomer.post(page("details"), DETAILS)
        newcomer.post(page("pin"), PIN)
        assert "checked" not in newcomer.get(page("check")).content.decode()

        answer = newcomer.post(page("check"), {"marketing": "on"})

        assert answer.status_code == 422
        said = answer.content.decode()
        assert "Tick the terms to open the account" in said
        assert "Tick how we use your data to open the account" in said
        assert not Consent.objects.exists()

    def test_goes_on_where_it_stopped_on_another_device(self, newcomer):
        newcomer.post(page("details"), DETAILS)
        other = Client()

        answer = log_in(other, "juma@example.com", PASSWORD)

        assert answer["Location"] == page("next_step")
        assert other.get(page("next_step"))["Location"] == page("pin")

    def test_cannot_be_gone_through_out_of_order(self, newcomer):
        assert newcomer.get(page("check"))["Location"] == page("next_step")
        assert newcomer.get(page("pin"))["Location"] == page("next_step")
        assert newcomer.post(page("check"), AGREED)["Location"] == page("next_step")
        assert not Customer.objects.exists()

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"full_name": "Juma"}, "Enter all your names, at least two"),
            ({"full_name": "Juma 0tieno"}, "Enter your name in letters, as it stands on your ID"),
            (
                {"full_name": "Моhаmmеd Аli Наssаn"},
                "Enter your name in Latin letters, as it stands on your ID",
            ),
            ({"full_name": "<b>x</b> y"}, "Enter your name in letters, as it stands on your ID"),
            ({"national_id": "12345"}, "Enter an ID number with 6 to 9 digits"),
            ({"national_id": "٢٨٧٦٥٤٣٢"}, "Enter an ID number with 6 to 9 digits"),
            ({"date_of_birth_2": ""}, "Enter your date of birth, like 27 3 1994"),
            ({"date_of_birth_1": "13"}, "There is no such day. Check the day and the month"),
            ({"date_of_birth_0": "٢٧"}, "Enter the date in figures, like 27 3 1994"),
            ({"date_of_birth_2": "2999"}, "Check the year."),
        ],
    )
    def test_says_beside_the_box_what_is_wrong_and_keeps_the_rest(self, newcomer, facts, words):
        answer = newcomer.post(page("details"), DETAILS | facts)
        said = answer.content.decode()

        assert answer.status_code == 422
        assert said.count(words) >= 2  # In the summary and beside the box.
        assert 'value="28765432"' in said or "national_id" in facts

    @pytest.mark.proves("CK07")
    def test_turns_away_who_is_not_18(self, newcomer):
        today = timezone.localdate()
        eve = today.replace(year=today.year - 18) + timedelta(days=1)  # 18 tomorrow.
        born = {
            "date_of_birth_0": eve.day,
            "date_of_birth_1": eve.month,
            "date_of_birth_2": eve.year,
        }
        said = newcomer.post(page("details"), DETAILS | born).content.decode()

        assert "You must be 18 or older to open an account. Your ID says you are 17" in said

    def test_shows_the_way_to_who_has_an_account(self, newcomer):
        CustomerFactory(national_id="28765432")
        answer = newcomer.post(page("details"), DETAILS)

        assert "This ID already has an account. Log in or recover it" in answer.content.decode()
        assert reverse("account_reset_password") in answer.content.decode()

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"pin": "1234", "pin_again": "1234"}, "in order like 1234"),
            ({"pin": "1994", "pin_again": "1994"}, "Not your date or year of birth"),
            ({"pin_again": "2581"}, "The two PINs are not the same. Type them again"),
            ({"pin": "２５８０", "pin_again": "２５８０"}, "A PIN is 4 digits, 0 to 9"),
        ],
    )
    def test_refuses_a_weak_pin_and_never_shows_it(self, newcomer, facts, words):
        newcomer.post(page("details"), DETAILS)
        answer = newcomer.post(page("pin"), PIN | facts)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'value="2580"' not in answer.content.decode()


class TestTexts:
    @pytest.mark.parametrize("kind", ["terms", "data", "marketing"])
    def test_can_be_read_by_everybody(self, client, kind):
        assert "Version 2026-11" in client.get(page_of(kind)).content.decode()

    def test_are_these_three(self, client):
        assert client.get(page_of("other")).status_code == 404


def page_of(kind):
    return reverse("accounts:customers:text", args=[kind])


class TestProfile:
    @pytest.fixture
    def customer(self, client):
        customer = CustomerFactory(national_id="28765678", user__phone="+254722000418")
        log_in(client, customer.user.email, TEST_PASSWORD)
        return customer

    @pytest.mark.proves("CK05")
    def test_is_shown_masked_and_can_be_changed(self, client, customer):
        said = client.get("/settings/profile/").content.decode()
        assert customer.full_name in said
        assert "28765678" not in said
        assert "••• 678" in said

        answer = client.post("/settings/profile/", {"occupation": "Tailor"})

        assert (answer.status_code, answer["Location"]) == (303, "/settings/profile/")
        said = client.get("/settings/profile/").content.decode()
        assert "Your profile is saved." in said
        assert 'value="Tailor"' in said

    def test_refuses_what_is_too_long_and_keeps_it(self, client, customer):
        answer = client.post("/settings/profile/", {"occupation": "x" * 201})

        assert answer.status_code == 422
        assert "x" * 201 in answer.content.decode()

    def test_shows_nobody_elses(self, client, customer):
        other = CustomerFactory(full_name="Grace Wanjiku")
        said = client.get("/settings/profile/").content.decode()

        assert other.full_name not in said
        assert client.get("/settings/").status_code == 200
