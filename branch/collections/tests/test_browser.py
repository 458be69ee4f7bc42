"""Late loans in a real browser, for the officer and for the customer, on a phone and a desk."""

import os

import pytest
from django.conf import settings
from django.test import Client

from branch.collections.tests.test_doors import WORKLIST, page_of
from lending.arrears.tests.steps import pay
from lending.collections.tests.steps import chased, contact, late_loan, night, promise, today
from wekeza.tests.browser import LOOKS, PHONE
from wekeza.tests.look import problems_of

PICTURES = os.environ.get("PICTURES", "")  # A folder that keeps pictures of every page.
pytestmark = pytest.mark.django_db(transaction=True)
NAME = settings.SESSION_COOKIE_NAME


@pytest.fixture
def look(live_bank, new_page):
    """Looks at a page in every size and scheme, and says what is wrong: look(client, address)."""

    def go(client, address, called):
        found, cookie = [], client.cookies[NAME].value
        for size, scheme in LOOKS:
            page = new_page(size=size, scheme=scheme)
            page.context.add_cookies([{"name": NAME, "value": cookie, "url": live_bank.url}])
            page.goto(f"{live_bank.url}{address}")
            assert page.locator("h1").count() == 1
            found += problems_of(page)
            if PICTURES:
                path = f"{PICTURES}/late-{called}-{scheme}-{size['width']}.png"
                page.screenshot(path=path, full_page=True)
        return found

    return go


def at_home(loan) -> Client:
    client = Client()
    client.force_login(loan.customer.user)
    return client


def help_of(loan) -> str:
    return f"/borrow/loans/{loan.public_id}/help/"


class TestLateLoans:
    def test_are_accessible_and_whole(self, look, at_work):
        loan, broken, planned = late_loan(days=20), late_loan(days=2), late_loan(days=5)
        promise(broken, days=0)
        promise(planned, parts=3)
        case = chased(loan)
        contact(case, note="Says the harvest is late this year", step="CALL")
        night(today(), broken)
        officer = at_work("COLLECTIONS")

        assert look(officer, WORKLIST, "worklist") == []
        assert look(officer, page_of(case), "case") == []
        assert look(at_work("AUDITOR"), page_of(chased(planned)), "case-seen") == []
        assert look(at_home(loan), help_of(loan), "help") == []
        assert look(at_home(broken), help_of(broken), "help-broken") == []
        assert look(at_home(planned), help_of(planned), "help-open") == []

    @pytest.mark.proves("BW50")
    def test_a_late_customer_promises_pays_and_sees_it_kept(self, live_bank, new_page):
        loan = late_loan()
        page = new_page(size=PHONE)
        cookie = at_home(loan).cookies[NAME].value
        page.context.add_cookies([{"name": NAME, "value": cookie, "url": live_bank.url}])
        page.goto(f"{live_bank.url}/borrow/")

        page.get_by_role("link", name="I cannot pay now").click()
        page.get_by_label("How much can you pay?").fill("2000")
        page.get_by_label("By which day?").fill(today().isoformat())
        page.get_by_role("button", name="I promise").click()
        page.get_by_text("Still open").wait_for()
        pay(loan, "2000")
        night(today(), loan)
        page.reload()

        page.get_by_text("Kept", exact=True).wait_for()
        assert loan.promises.get().state == "KEPT"
