"""The loan officer's pages and the list of decisions in a real browser, on a phone and a desk."""

import os

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from branch.credit.tests.test_doors import QUEUE, page_of
from lending.arrears.tests.steps import lend, pay
from lending.decisions.tests.steps import decide, officer, referred, reviewed
from lending.factories import ApplicationFactory
from lending.watch.tests.steps import ask as ask_mark
from lending.watch.tests.steps import lift, mark
from lending.writeoffs.tests.steps import agree, ask, committee, lost_loan, write_off
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

    def test_keeps_what_is_known_of_a_borrower(self, look):
        application = lend().application
        gone = mark(application, "BANKRUPT")
        mark(application, "WATCH")
        lift(application, gone)
        page = reverse("branch:credit:marks", args=[application.public_id])
        assert look("RISK", page, "What is known of the borrower") == []
        ask_mark(application, "FRAUD")

        assert look("LOAN_OFFICER", page, "What is known of the borrower") == []
        assert look("AUDITOR", page_of(application), "30-day loan") == []
        loan = reverse("branch:credit:loan", args=[application.loan.number])
        assert look("LOAN_OFFICER", loan, application.loan.number) == []

    def test_puts_a_payment_right(self, look):
        payment = pay(lend(), "1000")
        number, receipt = payment.loan.number, payment.receipt_no
        page = reverse("branch:credit:payment", args=[number, receipt])

        assert look("LOAN_OFFICER", page, receipt) == []
        assert look("LOAN_OFFICER", reverse("branch:credit:earlier", args=[number]), number) == []

    def test_shows_a_loan_whole(self, look):
        loan = lost_loan()
        pay(loan, "300")

        assert look("LOAN_OFFICER", "/workbench/credit/loans/", "Loans") == []
        page = reverse("branch:credit:loan", args=[loan.number])
        assert look("LOAN_OFFICER", page, loan.number) == []
        asked = ask(loan)
        for actor in committee(1):
            agree(asked, actor)
        waits = reverse("branch:workbench:approval", args=[asked.public_id])
        assert look("RISK", waits, "Write a loan off") == []


class TestItsCustomer:
    def test_reads_that_it_is_off_the_books_and_owed(self, live_bank, new_page):
        loan = lost_loan()
        write_off(loan)
        pay(loan, "1250")
        client, name, found = Client(), settings.SESSION_COOKIE_NAME, []
        client.force_login(loan.customer.user)
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_bank.url}

        for size, scheme in LOOKS:
            page = new_page(size=size, scheme=scheme)
            page.context.add_cookies([cookie])
            for address in ("", f"loans/{loan.public_id}/", f"loans/{loan.public_id}/pay/"):
                page.goto(f"{live_bank.url}/borrow/{address}")
                found += problems_of(page)
                assert "4,000.00" in page.locator("main").inner_text()
                if PICTURES:
                    called = address.rstrip("/").rpartition("/")[2][:5] or "borrow"
                    path = f"{PICTURES}/claim-{called}-{scheme}-{size['width']}.png"
                    page.screenshot(path=path, full_page=True)
        assert found == []
