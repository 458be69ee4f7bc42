"""A loan as staff see it: found, all of it on one page, and asked to be written off."""

import re

import pytest
from django.urls import reverse

from accounts.customers.models import Customer
from accounts.privacy.models import FileView
from ledger.approvals.models import Approval
from lending.arrears.tests.steps import lend, pay
from lending.writeoffs.tests.steps import WHY, agree, committee, lost_loan

pytestmark = pytest.mark.django_db
LOANS = "/workbench/credit/loans/"


def page_of(loan):
    return reverse("branch:credit:loan", args=[loan.number])


def said(answer, status=200):
    assert answer.status_code == status
    spaced = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\xa0", " "))
    return " ".join(spaced.split()).replace(" .", ".")  # Cents stand apart.


class TestTheLoans:
    def test_are_found_by_number_and_by_name_in_ones_branch(self, at_work):
        mine, other = lend(), lend()
        Customer.objects.filter(pk=other.customer_id).update(branch="002")
        client = at_work("LOAN_OFFICER")

        assert mine.number in said(client.get(LOANS))
        assert other.number not in said(client.get(LOANS))
        by_number = said(client.post(LOANS, {"q": f" {mine.number.lower()} "}))
        by_name = said(client.post(LOANS, {"q": mine.customer.full_name}))
        nothing = said(client.post(LOANS, {"q": other.number}))

        assert "Found by loan number" in by_number and mine.number in by_number
        assert "Found by name" in by_name and mine.number in by_name
        assert "No loan found" in nothing
        assert client.get(page_of(other)).status_code == 404
        assert other.number in said(at_work("RISK").get(f"{LOANS}?branch=all"))


class TestALoan:
    def test_shows_all_of_it(self, at_work):
        """KES 5,000, 361 days late; 300 paid: 250 of interest in suspense, 50 of principal."""
        loan = lost_loan()
        pay(loan, "300")
        client = at_work("RISK")

        text = said(client.get(page_of(loan)))

        for words in (
            "Days past due 361", "Class Loss", "P0 principal owed when it turned KES 5,000.00",
            "Room for interest and penalties KES 5,000.00", "Interest in suspense KES 0.00",
            "Interest 250.00 Principal 50.00", "Expected Minimum", "3,250.00 5,000.00",
            "By its own days past due", "not sealed yet",
        ):  # fmt: skip
            assert words in text, words
        assert "Write it off" not in text, "who decides does not ask"
        assert FileView.objects.filter(customer=loan.customer, purpose="CONTROL").exists()

    def test_is_asked_to_be_written_off_and_then_shows_that(self, at_work):
        loan = lost_loan()
        client, page = at_work("LOAN_OFFICER"), page_of(loan)
        ready = said(client.get(page))
        short = client.post(page, {"reason": "No"})

        asked_for = client.post(page, {"reason": WHY})

        asked = Approval.objects.get(deed="lending.write_off")
        assert "361 days past due, of more than 360. 100% provided for, of 100%." in ready
        assert short.status_code == 422
        assert asked_for["Location"] == f"/workbench/approvals/{asked.public_id}/"
        request = said(at_work("RISK").get(asked_for["Location"]))
        assert "2 say yes, 2 to go" in request and "KES 3,250.00 provisions" in request
        assert "asks to write it off" in said(client.get(page))
        assert client.post(page, {"reason": WHY}).status_code == 422, "it waits already"
        for actor in committee():
            agree(asked, actor)
        text = said(client.get(page))
        assert "Written off" in text and "Paid off today KES 5,250.00" in text
        assert "Ask the committee" not in text

    def test_is_not_written_off_before_its_time(self, at_work):
        loan = lend()
        client = at_work("LOAN_OFFICER")

        text = said(client.get(page_of(loan)))

        assert "It cannot be written off yet" in text and "Ask the committee" not in text
        assert "0 days past due" in said(client.post(page_of(loan), {"reason": WHY}), 422)
        assert at_work("RISK").post(page_of(loan), {"reason": WHY}).status_code == 403
        assert at_work("TELLER").get(page_of(loan)).status_code == 403
