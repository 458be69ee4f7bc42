"""The whole file of a customer at the desk, and files that take access."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.documents.models import DocumentView
from accounts.factories import (
    CustomerFactory,
    DocumentFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.privacy import restricted
from accounts.privacy.models import FileView
from accounts.staff import operations as staff
from accounts.staff.models import RoleGrant
from branch.onboarding.tests.steps import doubt, page_of, request_for_tier_2
from branch.workbench.tests.conftest import panels_of
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry

pytestmark = pytest.mark.django_db


class TestTheWholeFile:
    def open(self, client, customer, purpose="CALL"):
        page = reverse("branch:workbench:customer", args=[customer.public_id])
        return client.post(page, {"purpose": purpose}, follow=True).content.decode()

    @pytest.mark.proves("BR02")
    def test_shows_papers_checks_contacts_and_the_way_to_the_next_tier(self, at_work):
        client, submission = at_work("LOAN_OFFICER"), request_for_tier_2()
        doubt(submission.customer)

        page = self.open(client, submission.customer) + panels_of(client, submission.customer)

        for words in ("Move to Tier 2", page_of("review", submission), "Photo of your face",
                      "Kilifi", "Settle the doubt", "Consents", "Signed in now"):  # fmt: skip
            assert words in page, words
        [view] = FileView.objects.filter(customer=submission.customer)
        assert (view.purpose, view.role) == ("CALL", "Loan officer")

    def test_opens_a_paper_by_a_link_that_ends(self, at_work):
        paper = DocumentFactory()
        client, look = at_work("TELLER"), reverse("branch:workbench:paper", args=[paper.public_id])
        assert "/customer/" in client.get(look)["Location"], "first say why"

        self.open(client, paper.customer)

        answer = client.get(look, follow=True)
        assert answer["Content-Type"] == "image/jpeg"
        assert DocumentView.objects.get(document=paper).why == "CALL"
        assert at_work("SUPPORT").get(look).status_code == 403

    def test_opens_no_paper_by_a_link_that_outlived_the_role(self, at_work):
        paper = DocumentFactory()
        client, look = at_work("TELLER"), reverse("branch:workbench:paper", args=[paper.public_id])
        self.open(client, paper.customer)
        link = client.get(look)["Location"]
        assert client.get(link).status_code == 200

        administrator = staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR"))
        role = RoleGrant.objects.get(staff=client.member)
        staff.end_role(role, reason="Moved", actor=administrator, at=timezone.now())

        assert client.get(link).status_code == 404
        assert DocumentView.objects.filter(document=paper).count() == 1

    def test_reveals_a_whole_id_number_for_a_reason_that_is_kept(self, at_work):
        customer = CustomerFactory(national_id="35791126")
        client, page = (
            at_work("COMPLIANCE"),
            reverse("branch:workbench:reveal", args=[customer.public_id]),
        )
        assert client.get(page).status_code == 303, "the file is not open"
        assert "35791126" not in self.open(client, customer)
        assert client.post(page, {"reason": ""}).status_code == 422

        answer = client.post(page, {"reason": "The register asks for it"})

        assert b"35791126" in answer.content and answer["Cache-Control"] == "no-store"
        [line] = AuditEntry.objects.filter(
            deed="customer.id_revealed", subject=f"accounts.customer:{customer.pk}"
        )
        assert line.detail["why"] == "The register asks for it"
        assert at_work("SUPPORT").get(page).status_code == 403

    def test_is_opened_for_an_investigation_by_few_and_the_customer_is_not_told(self, at_work):
        customer, page = CustomerFactory(), "branch:workbench:customer"
        page = reverse(page, args=[customer.public_id])

        assert at_work("SUPPORT").post(page, {"purpose": "INVESTIGATION"}).status_code == 422
        told = self.open(at_work("COMPLIANCE"), customer, "INVESTIGATION")
        assert "The customer is not told" in told


class TestRestrictedFiles:
    @pytest.mark.proves("BR02")
    def test_open_to_one_person_for_an_hour_when_a_second_agrees(self, at_work):
        customer = CustomerFactory(national_id="35791127")
        StaffMemberFactory(national_id="35791127")
        client, checker = at_work("SUPPORT"), at_work("COMPLIANCE")
        page = reverse("branch:workbench:customer", args=[customer.public_id])
        ask = reverse("branch:workbench:ask_access", args=[customer.public_id])
        assert "Ask for access" in client.get(page).content.decode()
        assert client.post(ask, {"reason": ""}).status_code == 422
        assert client.post(ask, {"reason": "The customer is on the phone"}).status_code == 303
        asked = Approval.objects.get(deed="customers.open_restricted")
        approval = reverse("branch:workbench:approval", args=[asked.public_id])
        assert "You asked for access" in client.get(page).content.decode()

        yes = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        assert checker.post(approval, yes).status_code == 303

        assert client.post(page, {"purpose": "CALL"}).status_code == 303
        assert "Last 10 transactions" in client.get(page).content.decode()
        assert at_work("SUPPORT").post(page, {"purpose": "CALL"}).status_code == 422, "not others"

    @pytest.mark.proves("IA38")
    def test_are_asked_for_by_auditors_too_who_decide_nobodys(self, at_work):
        customer = CustomerFactory(national_id="35791129")
        StaffMemberFactory(national_id="35791129")
        auditor, colleague = at_work("AUDITOR"), at_work("SUPPORT")
        page = reverse("branch:workbench:customer", args=[customer.public_id])
        ask = reverse("branch:workbench:ask_access", args=[customer.public_id])
        assert auditor.post(page, {"purpose": "REVIEW"}).status_code == 422
        assert "Ask for access" in auditor.get(page).content.decode()

        assert auditor.post(ask, {"reason": "Sample 7 of the yearly audit"}).status_code == 303
        theirs = give_access(CustomerFactory(), colleague.member)
        approval = reverse("branch:workbench:approval", args=[theirs.public_id])
        assert auditor.get(approval).status_code == 404

    def test_shut_again_when_the_hour_is_over(self, at_work, monkeypatch):
        customer = CustomerFactory(national_id="35791128")
        StaffMemberFactory(national_id="35791128")
        client, page = (
            at_work("SUPPORT"),
            reverse("branch:workbench:customer", args=[customer.public_id]),
        )
        give_access(customer, client.member)
        assert client.post(page, {"purpose": "CALL"}).status_code == 303

        later = timezone.now() + timedelta(minutes=61)
        monkeypatch.setattr("branch.workbench.doors.timezone.now", lambda: later)

        assert "Last 10 transactions" not in client.get(page).content.decode()


def give_access(customer, member):
    now, checker = timezone.now(), StaffMemberFactory(role_id="COMPLIANCE")
    asked = restricted.ask_access(
        customer, name=member.full_name, reason="A call", actor=staff_actor(member), at=now
    )
    approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=now)
    return asked
