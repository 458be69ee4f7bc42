"""The loan officer's pages and the list of decisions in a real browser, on a phone and a desk."""

import os

import pytest
from django.conf import settings

from branch.credit.tests.test_doors import QUEUE, page_of
from lending.decisions.tests.steps import decide, officer, referred, reviewed
from lending.factories import ApplicationFactory
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of

PICTURES = os.environ.get("PICTURES", "")  # A folder that keeps pictures of every page.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def look(at_work, live_bank, new_page):
    """Looks at a page in every size and scheme, and says what is wrong: look(role, address)."""
    name = settings.SESSION_COOKIE_NAME

    def go(role, address, head):
        found, cookie = [], at_work(role).cookies[name].value
        for size, scheme in LOOKS:
            page = new_page(size=size, scheme=scheme)
            page.context.add_cookies([{"name": name, "value": cookie, "url": live_bank.url}])
            page.goto(f"{live_bank.url}{address}")
            assert page.locator("h1").all_inner_texts() == [head]
            found += problems_of(page)
            if PICTURES:
                called = "-".join(head.lower().replace(",", "").split())
                path = f"{PICTURES}/loans-{called}-{role}-{scheme}-{size['width']}.png"
                page.screenshot(path=path, full_page=True)
        return found

    return go


class TestTheDesk:
    def test_is_accessible_and_whole(self, look, bureau):
        ApplicationFactory()
        review, decided = reviewed(bureau), reviewed(bureau)
        decide(decided, amount="4000", actor=officer())
        referred(bureau)

        assert look("LOAN_OFFICER", QUEUE, "Loans to decide") == []
        assert look("LOAN_OFFICER", page_of(review), "30-day loan") == []
        assert look("AUDITOR", page_of(decided), "30-day loan") == []
        assert look("RISK", "/risk/decisions/", "Decisions on loans") == []
        one = f"/risk/decisions/{decided.public_id}/2/"
        assert look("RISK", one, "30-day loan, decision 2") == []
