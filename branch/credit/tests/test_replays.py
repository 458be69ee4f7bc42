"""Payments that are put right, as an officer, who decides, and the customer see it."""

import pytest
from django.test import Client
from django.urls import reverse

from branch.credit.tests.test_loans import page_of, said
from ledger.approvals.models import Approval
from ledger.factories import put_in
from lending.factories import account_of
from lending.replays.tests.steps import agree, lent, live

pytestmark = pytest.mark.django_db
WHY = "It was meant for another loan"


def payment_page(loan, payment):
    return reverse("branch:credit:payment", args=[loan.number, payment.receipt_no])


def seen_by_customer(loan, path=""):
    browser = Client()
    browser.force_login(loan.customer.user)
    return said(browser.get(f"/borrow/loans/{loan.public_id}/{path}"))


@pytest.fixture
def paid():
    """KES 5,000 ten days ago; 2,000 and 1,000 were paid since."""
    loan = lent(10)
    return loan, *live(loan, paying={3: "2000", 6: "1000"})


class TestAPayment:
    def test_is_taken_back_and_both_versions_are_read(self, at_work, paid):
        loan, wrong, right = paid
        officer = at_work("LOAN_OFFICER")
        shown = said(officer.get(payment_page(loan, wrong)))
        short = officer.post(payment_page(loan, wrong), {"reason": ""})

        sent = officer.post(payment_page(loan, wrong), {"reason": WHY})

        assert "Interest due" in shown and "1 later payment is booked anew" in shown
        assert short.status_code == 422
        asked = Approval.objects.get(deed="lending.reverse_repayment")
        assert sent["Location"] == f"/workbench/approvals/{asked.public_id}/"
        request = said(at_work("BRANCH_MANAGER").get(sent["Location"]))
        assert "KES 2,250.00" in request and "KES 4,250.00" in request
        assert "asks to put a payment right" in said(officer.get(page_of(loan)))
        again = officer.post(payment_page(loan, wrong), {"reason": WHY})
        assert again.status_code == 422, "it waits already"
        agree(asked)
        text = said(officer.get(page_of(loan)))
        now = right.replacement.receipt_no
        assert f"Replaced by {now}" in text and "Reversed" in text
        assert f"{wrong.receipt_no} taken back" in text and "2,250.00 4,250.00" in text
        assert "booked anew as" in said(officer.get(payment_page(loan, right)))
        page = seen_by_customer(loan)
        assert page.count("Reversed") == 2 and "Interest 250.00 Principal 1,750.00" in page
        assert "Interest 250.00 Principal 750.00" in page and "KES 1,000.00" in page
        receipt = seen_by_customer(loan, f"paid/{wrong.receipt_no}/")
        assert "Reversed" in receipt and "Below is what it had paid." in receipt
        assert now in seen_by_customer(loan, f"paid/{right.receipt_no}/")
        statement = Client()
        statement.force_login(loan.customer.user)
        sheet = statement.get(f"/borrow/loans/{loan.public_id}/statement/csv/").content.decode()
        assert "Payment taken back" in sheet and sheet.count("-2000.00") == 1

    def test_is_not_asked_about_by_who_only_looks(self, at_work, paid):
        loan, wrong, _right = paid

        assert "Take it back" not in said(at_work("RISK").get(payment_page(loan, wrong)))
        assert at_work("RISK").post(payment_page(loan, wrong), {"reason": WHY}).status_code == 403
        assert at_work("TELLER").get(payment_page(loan, wrong)).status_code == 403
        gone = reverse("branch:credit:payment", args=[loan.number, "RP-0000000"])
        assert at_work("RISK").get(gone).status_code == 404


class TestAnEarlierDay:
    def test_is_asked_for_and_refused_with_its_figures(self, at_work, paid):
        loan, _first, _second = paid
        page = reverse("branch:credit:earlier", args=[loan.number])
        officer = at_work("LOAN_OFFICER")
        day = loan.start_date.isoformat()

        shown = said(officer.get(page))
        empty = officer.post(page, {"amount": "", "day": "", "reason": ""})
        poor = said(officer.post(page, {"amount": "500", "day": day, "reason": WHY}), 422)
        put_in(account_of(loan.customer).ledger_account, "500")
        sent = officer.post(page, {"amount": "500", "day": day, "reason": WHY})

        assert "the loan was paid out then" in shown and "Owed KES 2,250.00" in shown
        assert empty.status_code == 422
        assert "KES 500.00 is to be paid" in poor and "KES 0.00 is available" in poor
        asked = Approval.objects.get(deed="lending.pay_earlier")
        assert sent["Location"] == f"/workbench/approvals/{asked.public_id}/"
        agree(asked)
        assert "Received earlier, paid in later" in said(officer.get(page_of(loan)))
        assert "as of" in seen_by_customer(loan)
        assert at_work("RISK").get(page).status_code == 403
