"""A business's pages of loans, as its people without scripts get them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.access.tests.steps import code_in
from accounts.documents.models import Document
from accounts.factories import BusinessFactory, CustomerFactory, photo
from ledger.factories import put_in
from ledger.money import kes
from lending.business import operations
from lending.decisions.tests.test_pages import figures
from lending.factories import BusinessApplicationFactory, directors_of
from lending.loans.models import Loan
from wekeza.kit.words import moment

pytestmark = pytest.mark.django_db


def browser_of(customer) -> Client:
    browser = Client()
    browser.force_login(customer.user)
    return browser


def address(name, business, *more):
    return reverse(f"business_loans:{name}", args=[business.public_id, *more])


def text_of(reply, status=200) -> str:
    assert reply.status_code == status, reply.status_code
    return figures(" ".join(reply.content.decode().replace("\xa0", " ").split()))


def form(**facts):
    return {
        "reference": uuid4(), "amount": "500,000", "tenor": "12", "sector": "ICT",
        "turnover": "4,000,000", "ebitda": "900,000", "evidence": "VAT_RETURNS",
        "security": "NONE", "security_value": "", "debt_monthly": "0",
        "largest_customer_percent": "25", "years_trading": "6", "consent": "on",
    } | facts  # fmt: skip


@pytest.fixture
def shop():
    return BusinessFactory(others=[(CustomerFactory(), ["VIEWER"])])


@pytest.fixture
def browser(shop):
    return browser_of(directors_of(shop)[0])


class TestTheFirstPage:
    def test_says_what_is_lent_and_who_asks(self, shop, browser):
        viewer = browser_of(shop.members.get(role="VIEWER").customer)

        words = text_of(browser.get(address("index", shop)))

        assert "This loan is for KES 50,000.00 to KES 10,000,000.00." in words
        assert "14% to 20%, by sector" in words and "Ask for a loan" in words
        assert "A director of the business can ask" in text_of(viewer.get(address("index", shop)))
        assert viewer.get(address("apply", shop)).status_code == 403
        assert browser_of(CustomerFactory()).get(address("index", shop)).status_code == 404


class TestAsking:
    @pytest.mark.proves("RF06")
    def test_shows_the_limit_and_how_it_is_made(self, shop, browser):
        told = form(look="1", years_trading="", consent="", evidence="AUDITED")

        words = text_of(browser.post(address("apply", shop), told))
        live = text_of(browser.get(address("limit", shop), told))

        for page in (words, live):
            assert "The business can borrow up to KES750,000.00" in page
            assert "25% of it, times 1.00 for ICT and technology, times 1.00" in page
            assert "Profit of 12 months, divided by 1.2" in page
            assert "The rate is 14% a year for ICT and technology" in page
        assert not shop.loan_applications.exists()

    def test_says_at_each_box_what_is_wrong(self, shop, browser):
        bad = form(amount="20,000", years_trading="many", largest_customer_percent="101")

        words = text_of(browser.post(address("apply", shop), bad), 422)

        assert "This loan is for KES 50,000.00" in words
        assert "Enter a whole number from 0 to 100" in words
        assert "Enter a whole number from 0 to 300" in words
        assert "Choose a photo or a PDF" in words
        over = form(evidence="DECLARED", amount="400,001")
        assert "You can borrow up to KES 400,000.00" in text_of(
            browser.post(address("apply", shop), over), 422
        )
        secured = form(evidence="DECLARED", security="GUARANTEE")
        words = text_of(browser.post(address("apply", shop), secured), 422)
        assert "Say what it is worth, in shillings" in words

    def test_keeps_the_paper_and_leads_to_the_answer(self, shop, browser, bureau):
        paper = SimpleUploadedFile("vat.jpg", photo(), content_type="image/jpeg")
        put_in(shop.deposit_accounts.get().ledger_account, "2400000")  # Its score is above 601.

        reply = browser.post(address("apply", shop), form(paper=paper))

        asked = shop.loan_applications.get()
        assert reply.url == address("answer", shop, asked.public_id)
        document = Document.objects.get(owner_ref=shop.owner_ref, kind="VAT_RETURNS")
        assert asked.business_request.document == document
        assert "Checking…" in text_of(browser.get(reply.url))
        operations.answer(asked, at=asked.asked_at)
        words = text_of(browser.get(reply.url))
        assert "A person looks at it" in words and "A person reads the papers" in words
        assert f"We answer by {moment(asked.asked_at + timedelta(hours=24))}, and text" in words
        needs = text_of(browser.get(address("apply", shop)))
        assert "What you need" in needs and needs.count("We have it.") == 1
        again = browser.post(address("apply", shop), form())  # Its paper is there.
        assert again.url == reply.url


class TestTheAnswer:
    def test_no_has_its_reasons_and_a_director_has_a_person_look(self, shop, browser, bureau):
        asked = BusinessApplicationFactory(business=shop, debt_monthly=kes("40000"))
        here = address("answer", shop, asked.public_id)
        viewer = browser_of(shop.members.get(role="VIEWER").customer)

        words = text_of(browser.get(here))

        assert "Not today" in words
        assert viewer.post(here, {"person": "1"}).status_code == 403
        browser.post(here, {"person": "1"})
        assert "A person looks at it" in text_of(viewer.get(here))

    @pytest.mark.proves("BW25")
    def test_yes_is_signed_and_leads_to_the_loan(self, shop, browser, bureau):
        asked = BusinessApplicationFactory(business=shop)
        here = address("answer", shop, asked.public_id)
        words = text_of(browser.get(here))
        assert "Yes. The business can borrow KES 500,000.00" in words
        assert "in 12 instalments" in words
        home = reverse("branch:business:home", args=[shop.public_id])
        assert "A loan of KES 500,000.00 waits for your signature" in text_of(browser.get(home))
        shown = browser.get(here).context["offer"].figures

        browser.post(here, {"resend": "1"})
        signed = {"figures": shown, "read": "on", "code": code_in("code_loan")}
        reply = browser.post(here, signed)

        loan = Loan.objects.get(business=shop)
        assert reply.url == reverse("lending:repayments:loan", args=[loan.public_id])
        words = text_of(browser.get(reply.url))
        assert "You owe" in words and shop.name in words
        assert loan.number in text_of(browser.get(address("index", shop)))
        viewer = browser_of(shop.members.get(role="VIEWER").customer)
        assert loan.number in text_of(viewer.get(reply.url))
        all_of_it = text_of(viewer.get(address("asked", shop)))
        assert (
            "Paid out" in all_of_it
            and str(asked.public_id) in viewer.get(address("asked", shop)).content.decode()
        )
        pay = reverse("lending:repayments:pay", args=[loan.public_id])
        assert viewer.get(pay).status_code == 403
        paid = browser.post(pay, {"reference": uuid4(), "amount": "50,000"})
        assert "Paid" in text_of(browser.get(paid.url))
