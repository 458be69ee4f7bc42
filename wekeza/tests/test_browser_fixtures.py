"""The gate of the browser tests must itself close: a page with a fault fails its test."""

import pytest

from wekeza.tests.browser import guarded

FAULTS = {
    "console": "<script>console.error('broken')</script>",
    "page error": "<script>setTimeout(() => null.x)</script>",
    "content policy": "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\">"
    "<p style=color:red>red</p>",
    "left the machine": "<img src=http://elsewhere.example/x.png>",
}


@pytest.mark.django_db(transaction=True)
class TestThePageFixture:
    def test_opens_the_live_bank_in_a_real_browser(self, live_bank, page):
        answer = page.goto(live_bank.url)

        assert answer.status == 200
        assert page.evaluate("window.innerWidth") == 360


class TestTheGate:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_notices(self, browser, fault):
        context, problems = guarded(browser)
        page = context.new_page()

        page.set_content(FAULTS[fault])
        page.wait_for_timeout(100)
        context.close()

        assert problems

    def test_has_nothing_against_a_page_without_faults(self, browser):
        context, problems = guarded(browser, javascript=False)

        context.new_page().set_content("<h1>Karibu</h1>")
        context.close()

        assert not problems
