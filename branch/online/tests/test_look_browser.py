"""The look in a real browser: every size, both themes, large text, and what scripts add."""

import gzip

import pytest

from wekeza.tests.browser import DESK, PHONE, TABLET
from wekeza.tests.look import problems_of, small_targets

SMALL = {"width": 320, "height": 640}
PAGES = ["/", "/session-ended/", "/no-such-page/", "/demo/kit/"]

# What one presses and is lower than 24 pixels (WCAG 2.5.8), also inside a line.
LOW = """() => [...document.querySelectorAll("a, button, summary")]
  .filter((part) => !part.closest(".vh, .wk-skip"))
  .filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width && box.height < 24;
  })
  .map((part) => `${part.outerHTML.slice(0, 100)} ${part.getBoundingClientRect().height}`)"""


class TestPages:
    @pytest.mark.proves("UX14", "UX16")
    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.parametrize(
        ("size", "scheme"),
        [(PHONE, "light"), (PHONE, "dark"), (TABLET, "light"), (DESK, "light"), (DESK, "dark")],
        ids=["phone", "phone-dark", "tablet", "desk", "desk-dark"],
    )
    def test_are_accessible_and_whole(self, live_bank, new_page, path, size, scheme):
        page = new_page(size=size, scheme=scheme)

        page.goto(live_bank.url + path)

        assert problems_of(page) == []

    @pytest.mark.parametrize("path", PAGES)
    def test_fit_a_phone_of_320_pixels_and_text_twice_as_large(self, live_bank, new_page, path):
        for size, scale in ((SMALL, 100), (PHONE, 200)):
            page = new_page(size=size)
            page.goto(live_bank.url + path)
            page.evaluate(f"document.documentElement.style.fontSize = '{scale}%'")

            assert [found for found in problems_of(page) if "sticks out" in found] == []

    @pytest.mark.proves("UX18")
    @pytest.mark.parametrize("path", PAGES)
    def test_have_targets_that_a_thumb_hits(self, live_bank, page, path):
        page.goto(live_bank.url + path)

        assert small_targets(page) == []

    @pytest.mark.parametrize("path", PAGES[:3])  # The sheet shows single links on purpose.
    def test_have_no_link_that_is_lower_than_24_pixels(self, live_bank, page, path):
        page.goto(live_bank.url + path)

        assert page.evaluate(LOW) == []

    @pytest.mark.parametrize("path", PAGES[:3])  # The sheet starts at its error summary.
    def test_have_one_heading_a_skip_link_first_and_a_language(self, live_bank, page, path):
        page.goto(live_bank.url + path)
        page.keyboard.press("Tab")

        assert page.locator("h1").count() == 1
        assert page.evaluate("document.activeElement.className") == "wk-skip"
        assert page.locator("html").get_attribute("lang") == "en"


class TestWeight:
    def test_the_first_page_is_light(self, live_bank, page):
        """At most 60 KB in 8 requests; WhiteNoise sends static files compressed (ux.md check 1)."""
        bodies = []
        page.on("response", lambda answer: bodies.append((answer.url, answer.body())))

        page.goto(live_bank.url + "/", wait_until="networkidle")

        weights = [len(gzip.compress(body) if "/static/" in url else body) for url, body in bodies]
        assert 3 <= len(weights) <= 8
        assert sum(weights) <= 60 * 1024


class TestWithoutScripts:
    def test_language_and_theme_switch(self, live_bank, new_page):
        page = new_page(javascript=False)
        page.goto(live_bank.url + "/session-ended/?next=/move/")

        page.get_by_role("button", name="SW").click()
        assert page.locator("html").get_attribute("lang") == "sw"
        assert "next=/move/" in page.url

        page.get_by_role("button", name="Rangi nyeusi").click()
        assert page.locator("html").get_attribute("data-theme") == "dark"

    @pytest.mark.parametrize(
        ("scheme", "offered", "other"),
        [
            ("light", "Dark colours", "Light colours"),
            ("dark", "Light colours", "Dark colours"),
        ],
    )
    def test_the_footer_offers_the_colours_that_are_not_there(
        self, live_bank, new_page, scheme, offered, other
    ):
        page = new_page(javascript=False, scheme=scheme)
        page.goto(live_bank.url + "/session-ended/")

        assert not page.get_by_role("button", name=other).is_visible()
        with page.expect_navigation():
            page.get_by_role("button", name=offered).click()

        assert page.get_by_role("button", name=other).is_visible()
        assert not page.get_by_role("button", name=offered).is_visible()
        with page.expect_navigation():
            page.get_by_role("button", name="Colours as on my phone").click()
        assert page.locator("html").get_attribute("data-theme") is None


class TestAmountBox:
    @pytest.fixture
    def box(self, live_bank, page):
        page.goto(live_bank.url + "/demo/kit/")
        box = page.locator("#id_amount")
        box.fill("")
        return box

    def test_groups_while_one_types(self, box):
        box.press_sequentially("1234567.5")

        assert box.input_value() == "1,234,567.5"

    def test_keeps_the_caret_behind_the_same_digit(self, box, page):
        box.press_sequentially("1000")
        box.press("ArrowLeft")
        box.press("ArrowLeft")
        box.press_sequentially("55")

        assert box.input_value() == "105,500"
        box.press_sequentially("7")
        assert box.input_value() == "1,055,700"

    @pytest.mark.parametrize("typed", ["-5", "1e5", "٥٠٠", "5.000", "abc"])
    def test_leaves_what_it_cannot_read_to_the_server(self, box, typed):
        box.press_sequentially(typed)

        assert box.input_value() == typed

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("12500", "Twelve thousand five hundred shillings"),
            ("1001.50", "One thousand and one shillings, fifty cents"),
            ("2000000", "Two million shillings"),
        ],
    )
    def test_says_the_amount_in_words(self, box, page, typed, words):
        box.press_sequentially(typed)

        assert page.locator("[data-echo=id_amount]").text_content() == words

    def test_says_it_in_swahili(self, box, page):
        page.get_by_role("button", name="SW").first.click()
        page.locator("html[lang=sw]").wait_for()
        box.fill("")

        box.press_sequentially("50000")

        assert page.locator("[data-echo=id_amount]").text_content() == "Shilingi elfu hamsini"


class TestHelpOfScripts:
    def test_focus_starts_at_the_error_summary(self, live_bank, page):
        page.goto(live_bank.url + "/demo/kit/")

        assert page.evaluate("document.activeElement.id") == "problems"

    def test_a_password_can_be_shown(self, live_bank, page):
        page.goto(live_bank.url + "/demo/kit/")
        box = page.locator("#id_password")

        page.locator("[data-reveal=id_password]").click()
        shown = box.get_attribute("type")
        page.locator("[data-reveal=id_password]").click()

        assert (shown, box.get_attribute("type")) == ("text", "password")

    def test_the_number_is_copied(self, live_bank, new_page):
        page = new_page(permissions=["clipboard-read", "clipboard-write"])
        page.goto(live_bank.url + "/demo/kit/")

        page.get_by_role("button", name="Copy").click()

        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "0011000000174"

    def test_no_part_of_a_page_stays_in_the_browser(self, live_bank, page):
        page.goto(live_bank.url + "/demo/kit/")

        kept = page.evaluate("Object.values(localStorage).concat(Object.values(sessionStorage))")

        # htmx remembers the address of the page, nothing of what stood on it.
        assert [value for value in kept if value != "/demo/kit/"] == []
