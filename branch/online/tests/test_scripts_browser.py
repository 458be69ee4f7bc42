"""What scripts add inside: a warning before the session ends, older rows in place, one press."""

import pytest
from django.test import Client

from accounts.factories import DepositAccountFactory
from ledger import factories as ledger_factories


@pytest.fixture
def account(live_bank):
    return DepositAccountFactory(balance="48250.50")


@pytest.fixture
def inside(live_bank, new_page, account):
    """A page on which the holder of the account is signed in."""
    page = new_page()
    client = Client()
    client.force_login(account.customer.user)
    session = {"name": "session", "value": client.cookies["session"].value, "url": live_bank.url}
    page.context.add_cookies([session])
    return page


class TestSession:
    def test_warns_two_minutes_before_and_can_be_kept(self, live_bank, inside):
        inside.clock.install()
        inside.goto(live_bank.url + "/")
        warning = inside.locator("#idle")
        assert not warning.is_visible()

        inside.clock.fast_forward("08:10")
        warning.wait_for()
        inside.get_by_role("button", name="Stay logged in").click()

        warning.wait_for(state="hidden")

    def test_leaves_nothing_on_the_screen_when_it_ends(self, live_bank, inside):
        inside.clock.install()
        inside.goto(live_bank.url + "/move/")

        inside.clock.fast_forward("10:10")

        inside.wait_for_url("**/session-ended/?next=%2Fmove%2F")
        assert "48,250" not in inside.content()


class TestOlderRows:
    def test_come_in_place_and_take_the_focus(self, live_bank, inside, account):
        for _ in range(26):
            ledger_factories.put_in(account.ledger_account, "10")
        inside.goto(live_bank.url + "/view/transactions/")
        first = inside.locator(".wk-tx__row").count()

        inside.get_by_role("link", name="Older transactions").click()
        inside.locator(".wk-tx__row").nth(first).wait_for()

        assert (first, inside.locator(".wk-tx__row").count()) == (25, 27)
        assert inside.get_by_role("link", name="Older transactions").count() == 0
        assert inside.evaluate("document.querySelector('#list').contains(document.activeElement)")


class TestOnePress:
    def test_the_pressed_button_rests_until_the_answer_comes(self, live_bank, inside):
        inside.goto(live_bank.url + "/move/transfers/send/")
        asked = []
        inside.on("request", lambda request: asked.append(request.method))

        inside.evaluate(
            """() => {
              const button = document.querySelector("main form.wk-form button.wk-btn--lg");
              button.click();
              button.click();
            }"""
        )
        inside.get_by_text("There is a problem").wait_for()

        assert asked.count("POST") == 1
