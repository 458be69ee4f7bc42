"""The pages of loans by instalments, as a customer without scripts gets them."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.documents import operations as documents
from accounts.factories import actor_of, photo
from ledger.money import kes
from lending.decisions.tests.test_pages import browser_of, figures, text_of
from lending.factories import BorrowerFactory

pytestmark = pytest.mark.django_db


def address(product, name="apply"):
    return reverse(f"lending:asking:{name}", args=[product])


def form(**facts) -> dict:
    return {
        "reference": uuid4(), "amount": "9,000", "tenor": "3", "employment": "SELF_EMPLOYED",
        "income": "40,000", "consent": "on",
    } | facts  # fmt: skip


class TestTheEmergencyLoan:
    def test_is_listed_on_the_first_page(self, bureau):
        reply = browser_of(BorrowerFactory()).get(reverse("lending:overview:index"))

        words = figures(text_of(reply))

        assert "Emergency loan 20% a year, up to KES 50,000.00, 1 to 3 months" in words

    def test_says_what_it_needs_and_what_it_costs_before_one_starts(self, bureau):
        browser = browser_of(BorrowerFactory())

        words = figures(text_of(browser.get(address("emer"))))
        lines = figures(
            text_of(browser.get(address("emer", "cost"), {"amount": "9,000", "tenor": "3"}))
        )

        assert "20% a year, up to KES 10,000.00." in words
        assert "What you need What you take home in a month" in words
        assert "You get KES 9,000.00 less the fee of KES 90.00 KES8,910.00" in lines
        assert "It costs 20%, APR" in lines
        assert "You repay by" in lines and "Each month KES" in lines

    @pytest.mark.proves("BW38", "BW46")
    def test_leads_to_the_answer_and_stands_among_what_was_asked_for(self, bureau):
        customer = BorrowerFactory()
        browser = browser_of(customer)

        reply = browser.post(address("emer"), form())

        asked = customer.loan_applications.get()
        assert reply.url == reverse("lending:decisions:answer", args=[asked.public_id])
        assert (asked.product_id, asked.tenor, asked.income) == ("EMER", 3, 40_000)
        assert (asked.money, asked.employment) == (kes("9000"), "SELF_EMPLOYED")
        again = browser.post(address("emer"), form())
        assert again.url == reply.url
        first_page = figures(text_of(browser.get(reverse("lending:overview:index"))))
        assert "What you asked for" in first_page
        assert "KES9,000.00 Emergency loan" in first_page
        assert "Being looked at" in first_page

    @pytest.mark.parametrize(
        ("facts", "problem"),
        [
            ({"amount": "10,001"}, "You can borrow up to KES 10,000.00. Enter that or less"),
            ({"tenor": "4"}, "This loan is for 1 to 3 months."),
            ({"tenor": "x"}, "Enter a number, like 12"),
            ({"income": ""}, "Enter the amount in shillings"),
        ],
    )
    def test_keeps_what_was_typed_beside_the_problem(self, bureau, facts, problem):
        customer = BorrowerFactory()

        reply = browser_of(customer).post(address("emer"), form(**facts))

        assert reply.status_code == 422
        assert problem in text_of(reply)
        assert f'value="{facts.get("amount", "9,000")}"' in text_of(reply)

    @pytest.mark.proves("BW26")
    def test_a_personal_loan_is_asked_for_with_a_payslip(self, bureau):
        """The businesses' half of the row is the journey of a director (test_business_loan)."""
        customer = BorrowerFactory(tier_id="TIER_2")
        browser, told = browser_of(customer), form(amount="60,000", tenor="12", gross="52,000")
        assert browser.post(address("pers"), told).status_code == 422, "no payslip was sent"
        documents.upload(
            owner_ref=customer.owner_ref, customer=customer, kind="PROOF_OF_INCOME",
            content=photo(), actor=actor_of(customer), at=timezone.now(),
        )  # fmt: skip

        reply = browser.post(address("pers"), told)

        asked = customer.loan_applications.get()
        assert reply.url == reverse("lending:decisions:answer", args=[asked.public_id])
        assert (asked.product_id, asked.tenor, asked.gross_income) == ("PERS", 12, 52_000)

    def test_of_no_such_product_there_is_no_page(self, bureau):
        browser = browser_of(BorrowerFactory())

        assert browser.get(address("smew")).status_code == 404
        assert browser.get(address("digi30")).status_code == 404
