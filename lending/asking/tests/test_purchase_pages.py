"""Asset finance as a customer asks for it: the thing, its seller, and the papers with the form."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.factories import CustomerFactory, photo
from lending.asking.tests.test_pages import address
from lending.decisions.tests.test_pages import browser_of, figures, text_of
from lending.factories import account_of

pytestmark = pytest.mark.django_db


def paper(name, shade):
    return SimpleUploadedFile(f"{name}.jpg", photo(shade=shade), content_type="image/jpeg")


def form(account, **facts) -> dict:
    return {
        "reference": uuid4(), "thing": "VEHICLE", "description": "Toyota Probox, 2019",
        "price": "250,000", "seller": account.number, "amount": "200,000", "tenor": "24",
        "employment": "PERMANENT", "income": "150,000", "consent": "on",
    } | facts  # fmt: skip


def test_keeps_the_papers_though_the_amount_is_too_large(bureau):
    customer, seller = CustomerFactory(tier_id="TIER_3"), account_of(CustomerFactory())
    browser = browser_of(customer)
    papers = {"payslip-file": paper("slip", 21), "invoice-file": paper("invoice", 22)}
    before = text_of(browser.get(address("asst")))

    large = browser.post(address("asst"), form(seller, amount="200,001") | papers)

    assert "payslip-file" in before and "invoice-file" in before
    assert large.status_code == 422
    words = text_of(large)
    assert "We lend up to 80% of the value of KES 250,000.00: KES 200,000.00" in words
    assert "payslip-file" not in words and "invoice-file" not in words
    assert figures(words).count("We have it.") == 2

    asked = browser.post(address("asst"), form(seller))

    application = customer.loan_applications.get()
    assert str(application.public_id) in asked.url
    assert (application.payee, application.purchase.price) == (seller, 250_000)
    kinds = {one.document.kind for one in application.evidence.all()}
    assert kinds == {"PROOF_OF_INCOME", "SALE_AGREEMENT"}


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"seller": "0011000000000"}, "Enter the 13 digits of the seller’s account"),
        ({"thing": ""}, "Choose what you buy"),
        ({}, "Send this paper first: A payslip or another proof of income"),
    ],
)
def test_says_what_is_missing(bureau, facts, problem):
    seller = account_of(CustomerFactory())

    reply = browser_of(CustomerFactory(tier_id="TIER_3")).post(
        address("asst"), form(seller, **facts)
    )

    assert reply.status_code == 422
    assert problem in text_of(reply)
