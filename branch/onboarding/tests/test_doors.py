"""The officers' pages: queues by the clock, papers beside data, doubts, corrections, requests."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.customers import corrections
from accounts.documents.models import DocumentView
from accounts.factories import (
    CustomerFactory,
    DocumentFactory,
    StaffMemberFactory,
    actor_of,
    staff_actor,
)
from accounts.kyc.tests.steps import accept_all, sent
from accounts.privacy import operations as privacy
from accounts.privacy.models import FileView
from accounts.registry.models import IdentityCheck
from branch.onboarding.tests.steps import doubt, page_of, request_for_tier_2
from ledger.approvals.models import Approval

pytestmark = pytest.mark.django_db
HOME = "/workbench/"
QUEUE = "/workbench/onboarding/kyc/"


class TestTheQueueOfPapers:
    @pytest.mark.proves("BR01")
    def test_stands_by_the_clock_and_marks_what_is_overdue(self, at_work):
        client = at_work("OPERATIONS")
        late = sent(at=timezone.now() - timedelta(hours=30))
        soon = request_for_tier_2(customer=CustomerFactory(full_name="Brian Otieno"))

        page = client.get(QUEUE).content.decode()

        assert page.index(page_of("review", late)) < page.index(page_of("review", soon))
        assert page.count("Overdue") == 1
        assert "Papers to check" in client.get("/workbench/").content.decode()

    @pytest.mark.parametrize("role", ["SUPPORT", "TELLER", "AUDITOR", "RISK", "ADMINISTRATOR"])
    def test_is_shut_to_whoever_does_not_review(self, at_work, role):
        client = at_work(role)

        assert client.get(QUEUE).status_code == 403
        assert client.get(page_of("review", request_for_tier_2())).status_code == 403

    @pytest.mark.parametrize("name", ["review", "check", "correction", "data_request"])
    def test_what_is_not_there_is_not_there(self, at_work, name):
        page = reverse(f"branch:onboarding:{name}", args=["5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"])

        assert at_work("BRANCH_MANAGER").get(page).status_code == 404


class TestReviewing:
    @pytest.mark.proves("CK17", "AM11")
    def test_shows_the_papers_beside_the_data_and_keeps_each_look(self, at_work):
        client, submission = at_work("OPERATIONS"), request_for_tier_2()
        doubt(submission.customer)

        page = client.get(page_of("review", submission)).content.decode()

        for words in ("Amina Wambui Njeri", submission.customer.national_id, "A123456789Z",
                      "Does not match", "Name: 41% alike", "Not found: Wambui"):  # fmt: skip
            assert words in page, words
        link = page.partition('<img src="')[2].partition('"')[0]
        assert client.get(link)["Content-Type"] == "image/jpeg"
        [look] = DocumentView.objects.filter(document__customer=submission.customer)
        assert look.actor == str(staff_actor(client.member)) and look.why == "REVIEW"
        [view] = FileView.objects.filter(customer=submission.customer)
        assert (view.purpose, view.role) == ("REVIEW", "Operations officer")
        assert at_work("OPERATIONS").get(link).status_code == 404, "another session"

    def test_lists_what_the_tier_changes_in_figures(self, at_work):
        page = at_work("OPERATIONS").get(page_of("review", request_for_tier_2()))

        words = page.content.decode().replace("\xa0", " ")
        # Daily limits of tier 1 and tier 2, design/ux.md 4.8.
        assert "KES 50,000.00" in words and "KES 300,000.00" in words

    @pytest.mark.proves("CK02", "CK17")
    def test_from_the_papers_to_a_tier_that_two_persons_agreed(self, at_work):
        client, checker = at_work("OPERATIONS"), at_work("COMPLIANCE")
        submission = request_for_tier_2()
        customer, page = submission.customer, page_of("review", submission)
        said = {"deed": "raise", "risk": "LOW", "note": "Papers and face agree"}
        assert client.post(page, said).status_code == 422, "papers are open"
        for document in customer.documents.all():
            paper = {"document": document.public_id, "deed": "accept"}
            assert client.post(page, paper).status_code == 303

        assert client.post(page, said).status_code == 303

        shown = client.get(page).content.decode()
        assert "Waiting for approval. The customer’s limit has not changed." in shown
        assert "Waiting for approval" in client.get(QUEUE).content.decode()
        customer.refresh_from_db()
        assert customer.tier_id == "TIER_1"
        asked = Approval.objects.get(deed="kyc.raise_tier", subject__endswith=f":{submission.pk}")
        approval = reverse("branch:workbench:approval", args=[asked.public_id])
        assert page in checker.get(approval).content.decode(), "the papers are one step away"
        yes = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        assert checker.post(approval, yes).status_code == 303
        customer.refresh_from_db()
        assert customer.tier_id == "TIER_2"

    @pytest.mark.proves("CK17")
    def test_declines_for_a_reason_of_the_list_whose_tip_the_customer_reads(self, at_work):
        client, submission = at_work("OPERATIONS"), request_for_tier_2()
        page, papers = page_of("review", submission), submission.customer.documents
        selfie = papers.get(kind="SELFIE")
        said = {"document": selfie.public_id, "deed": "decline"}
        assert "Choose why you decline it" in client.post(page, said).content.decode()

        assert client.post(page, said | {"reason": "BLURRED"}).status_code == 303

        assert "Hold the phone still" in client.get(page).content.decode()
        assert client.post(page, {"deed": "again"}).status_code == 303
        submission.refresh_from_db()
        assert submission.is_open
        assert "With the customer" in client.get(page).content.decode()

    def test_of_two_officers_one_decides_and_the_other_is_told(self, at_work):
        first, second = at_work("OPERATIONS"), at_work("LOAN_OFFICER")
        submission = request_for_tier_2()
        page = page_of("review", submission)
        paper = submission.customer.documents.get(kind="SELFIE")
        said = {"document": paper.public_id}
        for client in (first, second):
            assert str(paper.public_id) in client.get(page).content.decode()

        assert first.post(page, said | {"deed": "accept"}).status_code == 303
        answer = second.post(page, said | {"deed": "decline", "reason": "BLURRED"})

        assert answer.status_code == 422 and b"wk-errsum" in answer.content
        paper.refresh_from_db()
        assert (paper.state, paper.decided_by) == ("ACTIVE", str(staff_actor(first.member)))

    def test_takes_no_paper_of_somebody_else(self, at_work):
        client, submission = at_work("OPERATIONS"), request_for_tier_2()
        other = DocumentFactory(kind="SELFIE")

        said = {"document": other.public_id, "deed": "accept"}
        assert client.post(page_of("review", submission), said).status_code == 404
        other.refresh_from_db()
        assert other.state == "STAGED"

    def test_of_oneself_is_for_a_colleague(self, at_work):
        submission = request_for_tier_2(customer=CustomerFactory(national_id="35791121"))
        own = at_work("COMPLIANCE", national_id="35791121")

        answer = own.get(page_of("review", submission))

        assert answer.status_code == 403 and b"your own file" in answer.content

    def test_of_a_colleague_takes_access(self, at_work):
        submission = request_for_tier_2(customer=CustomerFactory(national_id="35791122"))
        StaffMemberFactory(national_id="35791122")

        answer = at_work("OPERATIONS").get(page_of("review", submission))

        assert answer.status_code == 403 and b"Ask for access" in answer.content

    def test_leads_on_to_the_next_request(self, at_work):
        client, first = at_work("OPERATIONS"), request_for_tier_2()
        accept_all(first, at=timezone.now())
        other = request_for_tier_2(customer=CustomerFactory(full_name="Brian Otieno"))
        said = {"deed": "raise", "risk": "LOW", "note": "Papers and face agree"}

        page = client.post(page_of("review", first), said, follow=True).content.decode()

        assert f'href="{page_of("review", other)}" autofocus>Next: Brian Otieno' in page


class TestDoubts:
    @pytest.mark.proves("AM11")
    def test_are_settled_with_a_finding_and_a_reason(self, at_work):
        client, row = at_work("OPERATIONS"), doubt()
        page = page_of("check", row)
        assert page in client.get("/workbench/onboarding/checks/").content.decode()
        assert client.post(page, {"deed": "settle"}).status_code == 422
        assert client.post(page, {"deed": "settle", "finding": "GENUINE"}).status_code == 422

        said = {"deed": "settle", "finding": "GENUINE", "reason": "Saw the ID at the branch"}
        assert client.post(page, said).status_code == 303

        row.refresh_from_db()
        assert (row.finding, row.settled_by) == ("GENUINE", str(staff_actor(client.member)))
        assert page not in client.get("/workbench/onboarding/checks/").content.decode()
        assert client.post(page, said | {"finding": "DOUBTFUL"}).status_code == 422, "once"

    def test_are_asked_about_again(self, at_work):
        client, row = at_work("OPERATIONS"), doubt()

        assert client.post(page_of("check", row), {"deed": "ask"}).status_code == 303

        newest = IdentityCheck.objects.filter(customer=row.customer, kind="ID").latest("pk")
        assert (newest.state, newest.pk != row.pk) == ("PENDING", True)
        assert "Asked anew" in client.get(page_of("check", row)).content.decode()

    def test_of_questions_that_nobody_answered_stand_below(self, at_work):
        client = at_work("OPERATIONS")
        old = timezone.now() - timedelta(hours=30)
        row = doubt(state="UNKNOWN", answered_at=None, tried_at=old)

        assert "Nobody answers" in client.get("/workbench/onboarding/checks/").content.decode()
        assert client.post(page_of("check", row), {"deed": "ask"}).status_code == 303

    def test_are_not_for_whoever_does_not_review(self, at_work):
        client, row = at_work("TELLER"), doubt()

        assert client.get("/workbench/onboarding/checks/").status_code == 403
        assert client.post(page_of("check", row), {"deed": "ask"}).status_code == 403


class TestCorrections:
    @pytest.fixture
    def change(self):
        customer = CustomerFactory()
        return corrections.request_change(
            customer, field="national_id", value="35791124", reason="A digit was wrong",
            at=timezone.now(), actor=actor_of(customer),
        )  # fmt: skip

    def test_show_the_end_of_an_id_number_only_and_take_two(self, at_work, change):
        client, page = at_work("OPERATIONS"), page_of("correction", change)
        assert page in client.get("/workbench/onboarding/corrections/").content.decode()
        shown = client.get(page).content.decode()
        assert "••• 124" in shown and "35791124" not in shown
        assert client.post(page, {"deed": "propose"}).status_code == 422, "without a reason"

        said = {"deed": "propose", "reason": "Saw the ID"}
        assert client.post(page, said).status_code == 303

        assert "details have not changed" in client.get(page).content.decode()
        assert Approval.objects.filter(deed="customers.correct", state="PENDING").exists()
        assert client.post(page, said).status_code == 422, "it waits already"

    def test_are_refused_with_a_reason_that_the_customer_reads(self, at_work, change):
        client, page = at_work("HEAD_TELLER"), page_of("correction", change)
        assert client.post(page, {"deed": "reject"}).status_code == 422

        assert client.post(page, {"deed": "reject", "reason": "Come by"}).status_code == 303

        change.refresh_from_db()
        assert (change.state, change.answer) == ("REJECTED", "Come by")

    def test_are_not_for_everybody(self, at_work, change):
        client = at_work("COMPLIANCE")

        assert client.get("/workbench/onboarding/corrections/").status_code == 403
        assert client.get(page_of("correction", change)).status_code == 403


class TestDataRequests:
    def test_are_answered_once_by_the_clock_of_the_law(self, at_work):
        customer = CustomerFactory()
        long_ago = timezone.now() - timedelta(days=9)
        row = privacy.object_to(
            customer, words="No more letters", at=long_ago, actor=actor_of(customer)
        )
        client, page = at_work("BRANCH_MANAGER"), page_of("data_request", row)
        assert "Overdue" in client.get("/workbench/onboarding/data-requests/").content.decode()
        assert "No more letters" in client.get(page).content.decode()
        assert client.post(page, {"text": ""}).status_code == 422

        assert client.post(page, {"text": "We stopped them."}).status_code == 303

        row.refresh_from_db()
        assert (row.state, row.answer) == ("ANSWERED", "We stopped them.")
        assert client.post(page, {"text": "Again"}).status_code == 422
        assert at_work("OPERATIONS").get(page).status_code == 403


class TestLateRequests:
    def test_alarm_on_the_home(self, at_work):
        customer, client = CustomerFactory(), at_work("COMPLIANCE")
        at = timezone.now() - timedelta(days=9)
        facts = {"words": "Do not score me", "actor": actor_of(customer)}
        quiet = "Requests about data that are late<small>Nothing waits"
        privacy.object_to(customer, **facts, at=timezone.now())
        assert quiet in client.get(HOME).content.decode()

        privacy.object_to(CustomerFactory(), **facts, at=at)

        assert quiet not in client.get(HOME).content.decode()
