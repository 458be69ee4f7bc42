"""The calculator in a real browser: on a phone and a desk, with and without scripts."""

import os
from pathlib import Path

import pytest

from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

pytestmark = pytest.mark.django_db(transaction=True)


class TestTheCalculator:
    @pytest.mark.parametrize("language", ["en", "sw"])
    def test_is_accessible_and_whole(self, live_bank, new_page, language):
        for size, scheme in LOOKS:
            page = new_page(size=size, scheme=scheme)
            page.context.add_cookies(
                [{"name": "django_language", "value": language, "url": live_bank.url}]
            )
            for query in ("", "?product=PERS&amount=100000&tenor=12", "?product=MORT&tenor=1"):
                page.goto(f"{live_bank.url}/borrow/calculator/{query}")
                assert problems_of(page) == []
                if folder := os.environ.get("PICTURES"):
                    name = f"calc-{language}-{scheme}-{size['width']}-{len(query)}.png"
                    page.screenshot(path=Path(folder) / name, full_page=True)

    @pytest.mark.proves("BW31")
    def test_follows_what_is_chosen(self, live_bank, page):
        page.goto(f"{live_bank.url}/borrow/calculator/")

        page.select_option("select[name=product]", "EMER")
        page.wait_for_selector("text=Each month")
        page.fill("input[name=amount]", "20000")
        page.press("input[name=amount]", "Tab")
        page.wait_for_selector("text=KES 20,000.00 less the fee")

        assert "product=EMER" in page.url and "amount=20" in page.url

    def test_prints_the_offer_without_the_form(self, live_bank, page):
        page.add_init_script("window.print = () => { window.printed = true }")
        page.goto(f"{live_bank.url}/borrow/calculator/?product=PERS&amount=100000&tenor=12")

        page.get_by_role("button", name="Print").click()
        assert page.evaluate("window.printed")
        page.emulate_media(media="print")

        for what in ("form", ".wk-btn", "nav"):
            shown = [one for one in page.locator(what).all() if one.is_visible()]
            assert shown == [], f"{what} is on the paper"
        for words in ("What it costs", "What you pay and when", "Principal and interest"):
            assert page.get_by_role("heading", name=words).is_visible()
        assert page.locator(".wk-chart svg").is_visible()
        rows = page.locator("tbody tr")
        assert rows.count() == 12 and rows.last.is_visible()

    def test_works_without_scripts(self, live_bank, new_page):
        page = new_page(javascript=False)
        page.goto(f"{live_bank.url}/borrow/calculator/")

        page.fill("input[name=amount]", "8000")
        page.click("text=Work it out")

        assert "8,400.00" in page.text_content("#main")
