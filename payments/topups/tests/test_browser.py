"""What a browser adds to adding money: an amount that is grouped, and never guessed."""

import pytest
from django.test import Client

from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory
from ledger.money import kes


@pytest.fixture
def juma(live_bank, demo_bank):
    return DepositAccountFactory(customer__full_name="Juma Otieno")


@pytest.fixture
def page(live_bank, new_page, juma):
    page = new_page()
    client = Client()
    client.force_login(juma.customer.user)
    session = {"name": "session", "value": client.cookies["session"].value}
    page.context.add_cookies([session | {"url": live_bank.url}])
    page.goto(live_bank.url + "/move/topups/start/")
    return page


class TestTheButton:
    def test_says_plain_words_while_no_amount_is_known(self, page):
        button = page.locator("form.wk-form .wk-actions button")

        assert " ".join(button.inner_text().split()) == "Add money"

    def test_says_the_amount_as_it_is_typed(self, page):
        button = page.locator("form.wk-form .wk-actions button")
        box = page.get_by_label("How much do you want to add?")

        said = []
        for typed in ("5000", "12500.5", "2,50", ""):
            box.fill("")
            box.press_sequentially(typed)
            said.append(" ".join(button.inner_text().split()))

        assert said == ["Add KES 5,000.00", "Add KES 12,500.50", "Add money", "Add money"]


class TestTheAmount:
    @pytest.mark.parametrize("typed", ["2,50", "5,0", "1,00,0"])
    def test_with_a_comma_in_an_odd_place_adds_nothing_and_stays_as_typed(self, page, juma, typed):
        box = page.get_by_label("How much do you want to add?")
        box.press_sequentially(typed)
        page.locator("form.wk-form .wk-actions button").click()

        page.locator(".wk-errsum").get_by_text("like 5,000 or 5,000.50").wait_for()
        assert box.input_value() == typed
        assert deposit_queries.standing_of(juma).balance == kes(0)

    def test_pasted_or_chosen_is_grouped_and_added(self, page, juma):
        box = page.get_by_label("How much do you want to add?")
        box.fill("5000")
        assert box.input_value() == "5,000"
        page.get_by_role("button", name="500", exact=True).click()
        assert box.input_value() == "500"
        page.locator("form.wk-form .wk-actions button").click()

        page.wait_for_url("**/receipt/DP-*/")
        assert deposit_queries.standing_of(juma).balance == kes(500)
