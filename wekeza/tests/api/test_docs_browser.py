"""The pages of /docs in a real browser, wide and narrow, without scripts too."""

import os
from pathlib import Path

import pytest

from accounts.factories import PASSWORD, DepositAccountFactory
from wekeza.tests.look import problems_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/docs", "/docs/post_api_v1_payments_transfers", "/docs/get_accounts_me", "/docs/errors"]
WIDE, NARROW = (1280, 900), (360, 740)


def picture(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"docs-{name}.png", full_page=True)


class TestTheDocs:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
    def test_are_readable_everywhere(self, live_bank, new_page, size, scheme):
        width, height = size
        page = new_page(size={"width": width, "height": height}, scheme=scheme)
        for path in PAGES:
            page.goto(live_bank.url + path)
            picture(page, f"{path.strip('/').replace('/', '-')}-{width}-{scheme}")
            assert problems_of(page) == []

    def test_let_somebody_try_an_operation_without_scripts(self, live_bank, new_page):
        account = DepositAccountFactory(balance="3000")
        page = new_page(javascript=False)
        who = {"username": account.customer.user.email, "password": PASSWORD}
        token = page.request.post(f"{live_bank.url}/token", data=who).json()["access_token"]

        page.goto(f"{live_bank.url}/docs/get_accounts_me")
        page.fill("#id_token", token)
        page.locator("#try button").click()

        assert account.number in page.locator("#try pre").inner_text()
        picture(page, "tried-360-light")
