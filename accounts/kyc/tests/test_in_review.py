"""While a request is checked: its papers and facts stand still, and it never hangs."""

from datetime import timedelta

import pytest

from accounts.customers.models import Customer
from accounts.documents import operations as documents
from accounts.factories import CustomerFactory, DocumentFactory, actor_of
from accounts.kyc import operations as kyc
from accounts.kyc import queries
from accounts.kyc.models import Submission
from accounts.kyc.tests.steps import (
    NOON,
    OTIENO,
    WANJIRU,
    Approved,
    accept_all,
    begin,
    payload_of,
    raised,
    sent,
    tell,
)
from accounts.screening.models import Hit, ScreeningList
from accounts.screening.tests import steps as screening
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
State = Submission.State


class TestARequest:
    def test_hands_back_what_expired_while_it_waited(self):
        submission = sent(ID_FRONT={"expires_date": NOON.date()})
        late = NOON + timedelta(days=2)
        documents.expire_due(on=late.date(), actor=SYSTEM)

        kyc.ask_again(submission, actor=WANJIRU, at=late)

        submission.refresh_from_db()
        assert submission.state == State.OPEN
        kyc.cancel(submission.customer, actor=actor_of(submission.customer), at=late)

    def test_keeps_its_papers_as_they_were_sent(self):
        customer = sent().customer
        selfie = customer.documents.get(kind="SELFIE")

        with pytest.raises(documents.PaperBeingChecked):
            documents.dispose(selfie, reason="WITHDRAWN", actor=actor_of(customer), at=NOON)
        with pytest.raises(documents.PaperBeingChecked):
            DocumentFactory(customer=customer, kind="SELFIE", at=NOON)

        assert customer.documents.get(kind="SELFIE") == selfie

    def test_is_not_raised_on_facts_that_nobody_checked(self):
        submission = sent()
        accept_all(submission)
        payload = payload_of(submission)
        Customer.objects.filter(pk=submission.customer_id).update(occupation="Arms dealer")

        with pytest.raises(kyc.NotVerified) as refused:
            kyc.raise_tier(payload=payload, approval=Approved, actor=OTIENO, at=NOON)

        assert "what the customer told changed" in str(refused.value)


class TestWhoIsInPublicOffice:
    @pytest.fixture
    def exposed(self):
        politicians = ScreeningList.objects.filter(kind="PEP").first()
        screening.load(politicians.code, rows=["D-1,Kimfano Baraka Tapeli,1994-03-27,Kenya,,M,,"])
        customer = CustomerFactory(full_name="Kimfano Baraka Tapeli")
        screening.end(Hit.objects.get(owner_ref=customer.owner_ref), "CONFIRMED")
        return customer

    def test_tells_on_every_level_where_the_money_comes_from(self, exposed):
        begin(exposed, "TIER_2")
        tell(exposed)

        needs = queries.standing_of(exposed, at=NOON).missing
        assert "SOURCE_OF_FUNDS" in {need.code for need in needs}
        with pytest.raises(kyc.NotComplete) as refused:
            kyc.send_for_review(exposed, actor=actor_of(exposed), at=NOON)
        assert "Where your money comes from" in str(refused.value)

    @pytest.mark.parametrize("risk", ["LOW", "MEDIUM"])
    def test_is_of_high_risk_to_both_persons(self, exposed, risk):
        submission = sent("TIER_3", customer=exposed)
        accept_all(submission)

        with pytest.raises(kyc.RiskTooLow):
            kyc.propose_raise(submission, risk=risk, reason="Fine", actor=WANJIRU, at=NOON)
        with pytest.raises(kyc.RiskTooLow):
            payload = payload_of(submission, risk=risk)
            kyc.raise_tier(payload=payload, approval=Approved, actor=OTIENO, at=NOON)

    def test_goes_up_as_high_risk(self, exposed):
        assert raised("TIER_3", customer=exposed, risk="HIGH").tier_id == "TIER_3"
