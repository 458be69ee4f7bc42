"""Closing a savings account in a real browser, on a phone and on a desk."""

import os
from pathlib import Path

import pytest
from django.test import Client

from accounts.factories import SavingsAccountFactory
from accounts.savings.tests.test_closing import nights
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

pytestmark = pytest.mark.django_db(transaction=True)


class TestClosing:
    @pytest.mark.parametrize("language", ["en", "sw"])
    def test_is_accessible_and_whole_to_the_receipt(self, live_bank, new_page, language):
        for size, scheme in LOOKS:
            saved = SavingsAccountFactory(balance="125000")
            nights(saved, 3)
            page = new_page(size=size, scheme=scheme)
            client = Client()
            client.force_login(saved.customer.user)
            cookies = {"session": client.cookies["session"].value, "django_language": language}
            page.context.add_cookies(
                [{"name": name, "value": said, "url": live_bank.url}
                 for name, said in cookies.items()]
            )  # fmt: skip
            page.goto(f"{live_bank.url}/save/")
            seen = [page.locator("h1").count() == 1 and problems_of(page)]
            page.locator(f'a[href="/save/{saved.number}/close/"]').click()
            seen.append(problems_of(page))
            _picture(page, f"close-{language}-{scheme}-{size['width']}")
            page.locator("button.wk-btn--lg").click()
            page.wait_for_url("**/closed/")
            seen.append(problems_of(page))
            _picture(page, f"closed-{language}-{scheme}-{size['width']}")
            page.goto(f"{live_bank.url}/save/")
            seen.append(problems_of(page))
            _picture(page, f"save-{language}-{scheme}-{size['width']}")
            assert seen == [[]] * 4


def _picture(page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
