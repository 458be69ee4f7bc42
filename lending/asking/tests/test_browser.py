"""The pages of loans by instalments in a real browser, on a phone and a desk."""

import os
from pathlib import Path

import pytest
from django.test import Client

from accounts.factories import CustomerFactory
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

PICTURES = os.environ.get("PICTURES", "")
pytestmark = pytest.mark.django_db(transaction=True)
# The one with the most boxes, and the one with grades; all of them where pictures are kept.
SHOWN = ["apply/pers/", "apply/mort/", ""]
if PICTURES:
    SHOWN += ["apply/emer/", "apply/sala/", "apply/asst/"]


@pytest.mark.parametrize("language", ["en", "sw"])
def test_pages_are_accessible_and_whole(live_bank, new_page, language):
    client = Client()
    client.force_login(CustomerFactory(tier_id="TIER_3").user)
    cookies = {"session": client.cookies["session"].value, "django_language": language}
    for size, scheme in LOOKS:
        page = new_page(size=size, scheme=scheme)
        page.context.add_cookies(
            [{"name": name, "value": said, "url": live_bank.url} for name, said in cookies.items()]
        )
        for address in SHOWN:
            page.goto(f"{live_bank.url}/borrow/{address}")
            if address:
                page.fill("input[name=amount]", "500000")
                page.fill("input[name=tenor]", "60")
                page.wait_for_timeout(900)  # What it costs comes while the amount is typed.
            assert problems_of(page) == []
            if PICTURES:
                name = f"ask-{address.strip('/').replace('/', '-')}-{language}-{scheme}"
                page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}.png", full_page=True)
