"""What is known of a borrower, as officers read it, propose it and propose to lift it."""

import pytest
from django.urls import reverse

from accounts.factories import BusinessFactory, CustomerFactory
from branch.credit.tests.test_loans import page_of, said
from ledger.approvals.models import Approval
from lending.arrears.tests.steps import lend
from lending.factories import BusinessApplicationFactory
from lending.watch import queries as watch
from lending.watch.tests.steps import WHY, agree, mark
from wekeza.kit.words import day

pytestmark = pytest.mark.django_db


def marks_of(application):
    return reverse("branch:credit:marks", args=[application.public_id])


class TestAMark:
    def test_is_proposed_decided_read_and_lifted(self, at_work):
        loan = lend()
        page, client = marks_of(loan.application), at_work("LOAN_OFFICER")
        before = client.get(page_of(loan))
        short = said(client.post(page, {"kind": "DECEASED", "reason": "Dead", "mark": "1"}), 422)

        sent = client.post(page, {"kind": "DECEASED", "reason": WHY, "mark": "1"})

        assert "Nothing that no figure tells." in said(before) and page in before.content.decode()
        assert "20 characters or more" in short
        asked = Approval.objects.get(deed="lending.mark_borrower")
        assert sent["Location"] == f"/workbench/approvals/{asked.public_id}/"
        request = said(at_work("RISK").get(sent["Location"]))
        assert "Deceased" in request and "in stage 3 at best" in request and WHY in request
        assert "asks. Open the request" in said(client.get(page_of(loan)))
        again = client.post(page, {"kind": "FRAUD", "reason": WHY, "mark": "1"})
        assert again.status_code == 422, "one waits already"
        agree(asked)
        shown = said(client.get(page_of(loan)))
        assert f"Deceased since {day(loan.start_date)} {WHY}" in shown
        assert client.member.full_name in shown
        row = watch.standing(loan.customer).get()
        lifting = {"lift-mark": row.pk, "lift-reason": "It was somebody else’s name", "lift": "1"}
        assert client.post(page, lifting | {"lift-mark": "0"}).status_code == 422
        assert client.post(page, lifting).status_code == 303
        agree(Approval.objects.get(deed="lending.lift_mark"))
        told = said(at_work("AUDITOR").get(page))
        assert "It was somebody else’s name" in told and WHY in told
        assert "Propose" not in told, "who only looks proposes nothing"
        assert "Nothing that no figure tells." in said(client.get(page_of(loan)))

    def test_is_proposed_by_who_may_in_their_branch(self, at_work):
        application = lend().application
        page = marks_of(application)
        facts = {"kind": "WATCH", "reason": WHY, "mark": "1"}

        for role in ("BRANCH_MANAGER", "AUDITOR"):
            assert at_work(role).post(page, facts).status_code == 403
        assert at_work("TELLER").get(page).status_code == 403
        assert not Approval.objects.filter(deed="lending.mark_borrower").exists()

    def test_of_a_business_is_shut_to_who_acts_for_it(self, at_work, bureau):
        other = CustomerFactory(national_id="61234567")
        shop = BusinessFactory(others=[(other, ["VIEWER"])])
        application = BusinessApplicationFactory(business=shop)
        mark(application, "WATCH")

        own = at_work("LOAN_OFFICER", national_id="61234567")
        text = said(at_work("RISK").get(marks_of(application)))

        assert own.get(marks_of(application)).status_code == 403
        assert f"Kept of {shop.name}" in text and "On the watch-list" in text
