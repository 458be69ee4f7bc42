"""Registering in a real browser: everything that is wrong is said at once, within reach."""

import pytest
from django.test import Client

from accounts.factories import UserFactory
from branch.online.tests.test_look_browser import LOW, SMALL
from wekeza.tests.browser import PHONE
from wekeza.tests.look import problems_of


@pytest.fixture
def details(live_bank, new_page):
    """Makes pages on which a newcomer, whose phone and e-mail are confirmed, tells who they are."""

    def make(**look):
        page = new_page(**look)
        client = Client()
        client.force_login(UserFactory())
        session = {"name": "session", "value": client.cookies["session"].value}
        page.context.add_cookies([session | {"url": live_bank.url}])
        page.goto(live_bank.url + "/register/details/")
        return page

    return make


class TestTellingWhoOneIs:
    def test_says_all_that_is_wrong_at_once_also_without_scripts(self, details):
        page = details(javascript=False)
        page.get_by_label("Full name").fill("Juma")
        page.get_by_label("ID number").fill("12")
        for box, typed in zip(("Day", "Month", "Year"), ("1", "1", "2090"), strict=True):
            page.get_by_label(box).fill(typed)

        page.get_by_role("button", name="Continue").click()

        assert page.locator(".wk-errsum li").all_inner_texts() == [
            "Enter all your names, at least two",
            "Enter an ID number with 6 to 9 digits",
            "Check the year. Enter your date of birth, like 27 3 1994",
        ]
        assert page.get_by_label("Full name").input_value() == "Juma"
        assert page.evaluate(LOW) == []

    @pytest.mark.parametrize(("size", "scale"), [(SMALL, 100), (PHONE, 200)])
    def test_is_whole_and_within_reach_also_in_large_text(self, details, size, scale):
        page = details(size=size)
        page.evaluate(f"document.documentElement.style.fontSize = '{scale}%'")

        assert problems_of(page) == []
        assert page.evaluate(LOW) == []


class TestTheFrontPage:
    def test_tells_the_steps_in_the_order_in_which_they_are_done(self, live_bank, page):
        page.goto(live_bank.url)

        assert page.get_by_role("heading", level=2).all_inner_texts() == [
            "What it costs",
            "How it goes",
            "What you can do",
            "Staying safe",
        ]
        steps = " ".join(page.locator("ol").inner_text().split())
        told = ["phone number", "code", "ID number", "PIN", "your account is open"]
        places = [steps.index(words) for words in told]
        assert places == sorted(places)
