"""Home, a receipt and a statement in a real browser: on a phone, on a desk, and on paper."""

import re

import pytest
from django.test import Client

from payments.factories import TransferFactory
from wekeza.tests.browser import DESK, PHONE
from wekeza.tests.look import problems_of, small_targets

SMALL = {"width": 320, "height": 640}
A6, A4 = (298, 420), (595, 842)  # In points of 1/72 inch.

# Words that stand over more than one line: narrower than themselves.
BROKEN_WORDS = """() => [...document.querySelectorAll("main *, nav *")].flatMap((part) =>
  [...part.childNodes].filter((node) => node.nodeType === 3 && !part.closest(".vh, svg")))
  .flatMap((node) => [...node.data.matchAll(/[A-Za-z]{2,}/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
  }).map((word) => word[0]))"""

# Words of neighbours in a row that (nearly) touch.
TOUCHING = """(what) => {
  const boxes = [...document.querySelectorAll(what)].map((part) => {
    const range = document.createRange();
    range.selectNodeContents(part);
    return range.getBoundingClientRect();
  });
  return boxes.flatMap((box, n) => boxes.slice(n + 1)
    .filter((next) => Math.abs(next.top - box.top) < 4 && next.left - box.right < 6)
    .map((next) => `${box.right} ${next.left}`));
}"""
INSIDE = ["/", "/move/", "/save/", "/view/transactions/", "/view/statement/", "/settings/"]


@pytest.fixture
def transfer(live_bank):
    return TransferFactory(reason="Rent, November")


@pytest.fixture
def open_page(live_bank, new_page, transfer):
    """Makes pages on which the payer of the transfer is signed in."""

    def make(path, *, language="en", **look):
        page = new_page(**look)
        client = Client()
        client.force_login(transfer.customer.user)
        cookies = {"session": client.cookies["session"].value, "django_language": language}
        page.context.add_cookies(
            [{"name": name, "value": said, "url": live_bank.url} for name, said in cookies.items()]
        )
        page.goto(live_bank.url + path)
        return page

    return make


def paper(page) -> tuple[int, list[tuple[int, int]]]:
    """This will print a page: how many sheets come out, and how large each is."""
    document = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", document)
    sizes = [(round(float(width)), round(float(height))) for width, height in boxes]
    return len(re.findall(rb"/Type\s*/Page\b", document)), sizes


class TestInside:
    @pytest.mark.proves("UX14", "UX16", "UX18")
    @pytest.mark.parametrize("path", INSIDE)
    def test_every_tab_is_accessible_whole_and_within_reach_of_a_thumb(self, open_page, path):
        phone = open_page(path)
        assert problems_of(phone) == []
        assert small_targets(phone) == []

        assert problems_of(open_page(path, scheme="dark")) == []
        assert problems_of(open_page(path, size=DESK)) == []

    @pytest.mark.proves("UX20")
    def test_has_its_title_its_icon_and_the_width_of_a_desk(self, open_page):
        page = open_page("/", size=DESK)

        assert page.title().endswith("– Wekeza Personal Banking")
        icon = page.locator("link[rel='icon']").first.get_attribute("href")
        assert page.request.get(page.url.rstrip("/") + icon).ok
        side, main = page.locator("nav.wk-nav"), page.locator("#main")
        assert (
            side.bounding_box()["x"] + side.bounding_box()["width"] <= main.bounding_box()["x"] + 1
        )
        assert main.bounding_box()["width"] > 800

    @pytest.mark.parametrize("path", ["/", "/move/", "/move/transfers/send/", "/view/statement/"])
    def test_swahili_fits_320_pixels_and_text_twice_as_large(self, open_page, path):
        for size, scale in ((SMALL, 100), (PHONE, 200)):
            page = open_page(path, language="sw", size=size)
            page.evaluate(f"document.documentElement.style.fontSize = '{scale}%'")

            assert page.locator("html").get_attribute("lang") == "sw"
            assert [found for found in problems_of(page) if "sticks out" in found] == []
            assert page.evaluate(BROKEN_WORDS) == []

    @pytest.mark.parametrize("language", ["en", "sw"])
    def test_what_stands_side_by_side_keeps_apart_on_every_phone(self, open_page, language):
        for size in (SMALL, PHONE):
            page = open_page("/", language=language, size=size)

            assert page.evaluate(TOUCHING, ".wk-round span:last-child") == []
            assert page.evaluate(TOUCHING, ".wk-nav a > :last-child") == []
            heading, link = (
                page.locator(f".wk-card__head:has(#tx) {part}").bounding_box()
                for part in ("h2", "a")
            )
            assert heading["x"] + heading["width"] <= link["x"]
            assert link["y"] < heading["y"] + heading["height"]

    def test_the_tabs_cover_nothing_where_they_are_no_row(self, open_page):
        page = open_page("/", language="sw")
        rows_and_position = """() => [
          new Set([...document.querySelectorAll(".wk-nav a")].map((tab) => tab.offsetTop)).size,
          getComputedStyle(document.querySelector(".wk-nav")).position,
        ]"""
        assert page.evaluate(rows_and_position) == [1, "sticky"]

        page.evaluate("document.documentElement.style.fontSize = '200%'")

        assert page.evaluate(rows_and_position) == [6, "static"]

    def test_the_button_of_a_statement_says_what_it_shows(self, open_page):
        page = open_page("/view/statement/", javascript=False)

        page.get_by_role("button", name="Show the statement").click()

        assert "period=this-month" in page.url

    def test_balances_can_be_hidden_without_scripts(self, open_page):
        page = open_page("/", javascript=False)
        before = page.content()

        page.get_by_role("button", name="Hide balances").click()

        assert "3,500" in before
        assert "3,500" not in page.content()
        assert page.get_by_role("button", name="Show balances").is_visible()


class TestPaper:
    def test_a_receipt_is_one_sheet_of_a6_with_nothing_else(self, open_page, transfer):
        page = open_page(f"/move/transfers/receipt/{transfer.receipt_no}/", scheme="dark")

        assert paper(page) == (1, [A6])
        page.emulate_media(media="print")
        assert page.get_by_text(transfer.receipt_no).first.is_visible()
        assert not page.get_by_role("navigation").first.is_visible()
        assert not page.get_by_role("button", name="Print").is_visible()

    def test_a_statement_is_a_table_on_a4(self, open_page):
        page = open_page("/view/statement/")

        assert paper(page) == (1, [A4])
        page.emulate_media(media="print")
        assert page.get_by_role("columnheader", name="Balance").is_visible()
