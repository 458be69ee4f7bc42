"""A tier goes up only when a second person agrees (CK02), by the approvals that all deeds use."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.factories import StaffMemberFactory, staff_actor
from accounts.kyc import desk
from accounts.kyc import operations as kyc
from accounts.kyc.models import Submission
from accounts.kyc.tests.steps import accept_all, sent
from accounts.limits import queries as limits
from ledger.approvals import operations as approvals
from ledger.money import kes

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return staff_actor(StaffMemberFactory(role_id="OPERATIONS"))


@pytest.fixture
def second():
    return staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))


def reviewed(officer):
    """A request whose papers an officer accepted, now."""
    now = datetime.now(UTC) + timedelta(seconds=1)
    submission = sent("TIER_2", at=now)
    accept_all(submission, at=now, officer=officer)
    return submission, now


def loan_cap(customer, now):
    return limits.limit_of(customer.tier_id, limits.Kind.LOAN_CAP, on=now.date())


def propose(submission, officer, now):
    return kyc.propose_raise(
        submission, risk="LOW", reason="Papers and face agree", actor=officer, at=now
    )


class TestProposeRaise:
    @pytest.mark.proves("CK02")
    def test_changes_nothing_until_a_second_person_agrees(self, officer, second):
        submission, now = reviewed(officer)
        customer = submission.customer

        asked = propose(submission, officer, now)

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_1"
        assert {"field": "Level", "before": "Basic", "after": "Standard"} in asked.changes
        assert "Borrowed at most" in {change["field"] for change in asked.changes}
        assert loan_cap(customer, now) == kes("10000")
        assert list(desk.case_of(submission, at=now).waiting) == [asked]

        approvals.approve(asked, digest=asked.digest, actor=second, at=now)

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_2"
        assert loan_cap(customer, now) == kes("100000")  # The bank's tier table.
        assert customer.reviews.get().reviewed_by == str(officer)
        assert list(desk.case_of(submission, at=now).waiting) == []

    def test_is_not_for_the_same_person_nor_for_whom_may_not(self, officer, second):
        submission, now = reviewed(officer)
        asked = propose(submission, officer, now)

        with pytest.raises(approvals.OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=officer, at=now)
        clerk = staff_actor(StaffMemberFactory(role_id="LOAN_OFFICER"))
        with pytest.raises(approvals.MayNotDecide):
            approvals.approve(asked, digest=asked.digest, actor=clerk, at=now)

    def test_waits_on_when_the_papers_are_no_longer_those(self, officer, second):
        submission, now = reviewed(officer)
        asked = propose(submission, officer, now)
        selfie = submission.customer.documents.get(kind="SELFIE")
        selfie.expires_date = now.date() - timedelta(days=2)
        selfie.save()

        with pytest.raises(kyc.NotVerified):
            approvals.approve(asked, digest=asked.digest, actor=second, at=now)

        asked.refresh_from_db()
        assert asked.is_waiting
        submission.customer.refresh_from_db()
        assert submission.customer.tier_id == "TIER_1"

    def test_goes_back_to_the_queue_when_the_second_person_says_no(self, officer, second):
        submission, now = reviewed(officer)
        asked = propose(submission, officer, now)

        approvals.reject(asked, reason="The face is another", actor=second, at=now)

        submission.refresh_from_db()
        assert submission.state == Submission.State.SENT
        assert propose(submission, officer, now).pk != asked.pk

    def test_refuses_while_a_paper_is_not_accepted(self, officer):
        now = datetime.now(UTC) + timedelta(seconds=1)
        with pytest.raises(kyc.NotVerified) as refused:
            propose(sent(at=now), officer, now)
        assert "Front of your ID" in str(refused.value)
