"""Files open in every branch; what is done on them, and decided, is for those of the branch."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.customers import standing
from accounts.factories import (
    CustomerFactory,
    DocumentFactory,
    StaffMemberFactory,
    UserFactory,
    staff_actor,
)
from accounts.kyc.tests.steps import sent
from accounts.staff import operations as staff
from accounts.staff.models import Branch, Role, StaffMember
from accounts.staff.refusals import NotForYou
from branch.onboarding import operations as onboarding
from branch.partners import operations as partners
from branch.screening import operations as screening
from branch.workbench import operations
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry

pytestmark = pytest.mark.django_db
NUMBER = "35791177"
WHY = "She asks for it"


@pytest.fixture
def here():
    """A customer of branch 001, as all who register."""
    return CustomerFactory(national_id=NUMBER)


@pytest.fixture
def elsewhere(at_work):
    """The manager of branch 002."""
    return at_work("BRANCH_MANAGER", branch_id="002")


def page_of(name, thing):
    return reverse(f"branch:workbench:{name}", args=[thing.public_id])


def lift_asked(customer):
    officer = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
    who = {"reason": WHY, "actor": officer, "at": datetime.now(UTC)}
    standing.suspend(customer, **who)
    return standing.ask_lift(customer, **who)


class TestTheFileOfAnotherBranch:
    def test_opens_for_a_purpose_and_keeps_its_number(self, elsewhere, here):
        opened = elsewhere.post(page_of("customer", here), {"purpose": "VISIT"}, follow=True)
        page = opened.content.decode()
        assert here.full_name in page and "Show it" not in page and "Stop this" not in page

        answer = elsewhere.post(page_of("reveal", here), {"reason": WHY})

        assert answer.status_code == 422 and NUMBER not in answer.content.decode()
        assert not AuditEntry.objects.filter(deed="customer.id_revealed").exists()

    def test_gives_its_number_to_the_manager_of_its_branch(self, at_work, here):
        client = at_work("BRANCH_MANAGER", branch_id="001")
        client.post(page_of("customer", here), {"purpose": "VISIT"})

        answer = client.post(page_of("reveal", here), {"reason": WHY})

        assert NUMBER in answer.content.decode()

    def test_keeps_its_papers(self, elsewhere, here):
        paper = DocumentFactory(customer=here)
        elsewhere.post(page_of("customer", here), {"purpose": "VISIT"})

        assert elsewhere.get(page_of("paper", paper)).status_code == 403

    def test_takes_the_permission_to_look(self, here):
        member = StaffMemberFactory(role_id="ADMINISTRATOR")

        with pytest.raises(NotForYou):
            operations.open_file(
                here, purpose="VISIT", member=member, actor=staff_actor(member), at=timezone.now()
            )


class TestTheInbox:
    def test_lists_what_one_may_decide_in_ones_branch(self, at_work, here):
        asked = lift_asked(here)
        far = at_work("COMPLIANCE", branch_id="002", in_every_branch=False)
        near = at_work("COMPLIANCE", branch_id="001", in_every_branch=False)
        page = page_of("approval", asked)

        assert page not in far.get("/workbench/approvals/").content.decode()
        assert far.get(page).status_code == 404
        assert far.post(page, {"verdict": "approve"}).status_code == 404
        assert page in near.get("/workbench/approvals/").content.decode()
        said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        assert near.post(page, said).status_code == 303

    def test_holds_nothing_of_every_branch_for_those_of_one(self, at_work):
        maker = StaffMemberFactory(role_id="ADMINISTRATOR")
        asked = staff.invite(
            UserFactory(), full_name="Kendi Mwende", national_id="61900003",
            branch=Branch.objects.get(pk="002"), role=Role.objects.get(pk="AUDITOR"),
            in_every_branch=True, reason=WHY, actor=staff_actor(maker), at=timezone.now(),
        )  # fmt: skip
        local = at_work("ADMINISTRATOR", branch_id="002", in_every_branch=False)

        page = local.get("/workbench/").content.decode()

        assert ">1<" not in page
        assert local.get(page_of("approval", asked)).status_code == 404


class TestColleaguesOfAnotherBranch:
    def test_are_not_sent_home(self, at_work):
        local = at_work("ADMINISTRATOR", branch_id="002", in_every_branch=False)
        officer = StaffMemberFactory(role_id="COMPLIANCE", branch_id="001")

        for deed in ("suspend", "dismiss"):
            answer = local.post(page_of("member", officer), {"deed": deed, "reason": WHY})
            assert answer.status_code == 403

        assert StaffMember.objects.get(pk=officer.pk).is_at_work

    def test_are_not_judged(self, at_work):
        local = at_work("ADMINISTRATOR", branch_id="002", in_every_branch=False)
        risk = at_work("RISK")
        risk.post("/workbench/emergencies/", {"role": "OPERATIONS", "reason": "Fire"})
        [taken] = risk.member.emergencies.all()

        assert (
            risk.member.full_name + " took"
            not in local.get("/workbench/emergencies/").content.decode()
        )
        said = {"emergency": taken.pk, "verdict": "right", "reason": WHY}
        assert local.post("/workbench/emergencies/", said).status_code == 422


class TestEveryDeskAsksAgain:
    """Whatever page called it: the operation takes the permission in the customer's branch."""

    def test_about_customers(self, here):
        submission = sent(customer=here)
        check = here.identity_checks.first()
        manager = staff_actor(StaffMemberFactory(role_id="BRANCH_MANAGER", branch_id="002"))
        who = {"actor": manager, "at": timezone.now()}

        with pytest.raises(NotForYou):
            onboarding.decide_paper(
                submission, deed="accept", document=None, expires_date=None, reason="", **who
            )
        with pytest.raises(NotForYou):
            onboarding.decide_request(submission, deed="raise", risk="LOW", note=WHY, **who)
        with pytest.raises(NotForYou):
            onboarding.decide_check(check, deed="settle", finding="SAME", reason=WHY, **who)
        with pytest.raises(NotForYou):
            operations.reveal_id(here, reason=WHY, **who)
        assert not Approval.objects.filter(deed="kyc.raise_tier").exists()

    def test_about_what_has_no_branch(self, here):
        officer = StaffMemberFactory(role_id="COMPLIANCE", in_every_branch=False)
        who = {"reason": WHY, "actor": staff_actor(officer), "at": timezone.now()}

        with pytest.raises(NotForYou):
            screening.refuse_version(None, **who)
        with pytest.raises(NotForYou):
            partners.decide(None, deed="suspend", **who)
