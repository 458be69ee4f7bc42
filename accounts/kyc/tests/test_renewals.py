"""Papers and reviews that end: told 90 days before, lowered only after the notice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.deposits import queries as deposits
from accounts.documents import operations as documents
from accounts.factories import DocumentFactory, actor_of
from accounts.kyc import operations as kyc
from accounts.kyc import queries, renewals
from accounts.kyc.models import ExpiryNotice, Review
from accounts.kyc.tests.steps import (
    NOON,
    OTIENO,
    WANJIRU,
    Approved,
    accept_all,
    begin,
    payload_of,
    raised,
)
from accounts.notifications.models import Message
from ledger.money import kes
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
ID_ENDS = date(2027, 6, 30)


def at(year, month, day):
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


def told(customer, kind):
    return Message.objects.filter(user=customer.user, kind=kind, channel="SMS")


def night(moment):
    """What the clock does: papers expire, notices go out, tiers fall."""
    documents.expire_due(on=moment.date(), actor=SYSTEM)
    renewals.tell_expiring(at=moment, actor=SYSTEM)
    return renewals.lower_overdue(at=moment, actor=SYSTEM)


class TestPapers:
    def test_are_told_of_ninety_days_before_and_once(self):
        customer = raised(ID_FRONT=ID_ENDS)

        assert renewals.tell_expiring(at=at(2027, 3, 31), actor=SYSTEM) == 0
        assert renewals.tell_expiring(at=at(2027, 4, 1), actor=SYSTEM) == 1
        assert renewals.tell_expiring(at=at(2027, 4, 2), actor=SYSTEM) == 0

        notice = ExpiryNotice.objects.get(customer=customer)
        assert (notice.due_date, notice.ends_date) == (ID_ENDS, date(2027, 7, 1))
        [message] = told(customer, "kyc_expiring")
        assert "Front of your ID" in message.body and "30 Jun 2027" in message.body

    def test_lower_the_tier_and_its_limits_only_after_the_notice(self):
        customer = raised(ID_FRONT=ID_ENDS)

        assert night(at(2027, 4, 1)) == night(ID_DAY) == 0
        customer.refresh_from_db()
        assert customer.tier_id == "TIER_2"
        assert night(ID_DAY + timedelta(days=1)) == 1

        customer.refresh_from_db()
        assert (customer.tier_id, customer.kyc_status) == ("TIER_1", "SELF_DECLARED")
        assert deposits.held_by(actor_of(customer))[0].maximum == kes("100000")
        assert Review.objects.get(customer=customer).state == "LAPSED"
        [message] = told(customer, "kyc_lowered")
        assert "Basic" in message.body and "Your money stays" in message.body
        assert night(ID_DAY + timedelta(days=2)) == 0

    def test_give_ninety_days_even_when_the_paper_is_over_already(self):
        customer = raised(ID_FRONT=ID_ENDS)
        late = at(2027, 7, 10)  # The bank's own clock stood still meanwhile.

        night(late)

        assert night(late + timedelta(days=90)) == 0
        assert night(late + timedelta(days=91)) == 1
        customer.refresh_from_db()
        assert customer.tier_id == "TIER_1"

    def test_that_were_renewed_leave_the_tier_as_it_is(self):
        customer = raised(ID_FRONT=ID_ENDS)
        night(at(2027, 4, 1))
        newer = DocumentFactory(customer=customer, kind="ID_FRONT", at=at(2027, 5, 1))
        documents.approve(newer, actor=WANJIRU, at=at(2027, 5, 2), expires_date=date(2037, 6, 30))

        assert night(ID_DAY + timedelta(days=1)) == 0

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_2"
        assert not ExpiryNotice.objects.filter(settled_at=None).exists()

    def test_lower_the_tier_though_the_customer_moved_up_before_their_last_day(self):
        customer = raised(ID_FRONT=ID_ENDS)
        night(at(2027, 4, 1))
        moved_up = at(2027, 4, 10)

        raised("TIER_3", customer=customer, at=moved_up, kinds=NEW_FOR_TIER_3)
        assert night(ID_DAY) == 0
        customer.refresh_from_db()
        assert customer.tier_id == "TIER_3"
        assert night(ID_DAY + timedelta(days=1)) == 1

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_1"

    def test_lower_the_tier_though_its_review_was_renewed_with_the_same_paper(self):
        customer = raised(ID_FRONT=ID_ENDS, risk="HIGH", at=at(2026, 7, 1))
        night(at(2027, 4, 2))  # The review ends on 1 July 2027, the ID the day before.

        renewed = raised(customer=customer, at=at(2027, 4, 10), kinds=[])
        assert night(at(2027, 7, 1)) == 0  # The ninetieth day of the notice.
        assert night(at(2027, 7, 2)) == 1

        renewed.refresh_from_db()
        assert renewed.tier_id == "TIER_1"

    def test_of_the_first_tier_concern_nobody(self):
        document = DocumentFactory(at=NOON)
        documents.approve(document, actor=WANJIRU, at=NOON, expires_date=ID_ENDS)

        assert renewals.tell_expiring(at=at(2027, 6, 1), actor=SYSTEM) == 0


class TestReviews:
    def test_of_high_risk_are_due_after_a_year_and_lower_the_tier(self):
        customer = raised(risk="HIGH")  # Reviewed on 20 November 2026.

        assert night(at(2027, 8, 21)) == 0
        assert not told(customer, "kyc_expiring")
        night(at(2027, 8, 22))
        assert "20 Nov 2027" in told(customer, "kyc_expiring").get().body
        assert night(at(2027, 11, 20)) == 0
        assert night(at(2027, 11, 21)) == 1

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_1"

    def test_are_renewed_by_the_same_way_up(self):
        customer = raised(risk="HIGH")
        with pytest.raises(kyc.TierNotOffered):
            begin(customer, "TIER_2", at=at(2027, 8, 1))
        night(at(2027, 8, 22))

        submission = begin(customer, "TIER_2", at=at(2027, 9, 1))
        kyc.send_for_review(customer, actor=actor_of(customer), at=at(2027, 9, 1))
        accept_all(submission, at=at(2027, 9, 1))
        kyc.raise_tier(
            payload=payload_of(submission, on=date(2027, 9, 1)),
            approval=Approved,
            actor=OTIENO,
            at=at(2027, 9, 1),
        )

        assert night(at(2027, 11, 21)) == 0
        customer.refresh_from_db()
        assert customer.tier_id == "TIER_2"
        assert queries.current_review(customer).due_date == date(2032, 9, 1)
        assert Review.objects.get(customer=customer, state="REPLACED").risk == "HIGH"

    def test_ask_for_a_new_proof_of_address_and_of_income(self):
        customer = raised("TIER_3")  # Papers of 20 November 2026.
        night(at(2031, 9, 1))

        begin(customer, "TIER_3", at=at(2031, 9, 15))
        with pytest.raises(kyc.NotComplete) as refused:
            kyc.send_for_review(customer, actor=actor_of(customer), at=at(2031, 9, 15))
        assert str(refused.value) == "This is still missing: Proof of address, Proof of income"

        for kind in NEW_FOR_TIER_3:
            facts = {"issued_date": date(2031, 8, 1), "at": at(2031, 9, 16)}
            DocumentFactory(customer=customer, kind=kind, **facts)
        again = kyc.send_for_review(customer, actor=actor_of(customer), at=at(2031, 9, 16))
        assert again.state == "SENT"

    def test_leave_old_proofs_of_address_alone_while_nothing_is_asked(self):
        customer = raised("TIER_3", ID_FRONT=ID_ENDS)
        night(at(2027, 4, 1))
        newer = DocumentFactory(customer=customer, kind="ID_FRONT", at=at(2027, 5, 1))
        documents.approve(newer, actor=WANJIRU, at=at(2027, 5, 2), expires_date=date(2037, 6, 30))

        assert night(ID_DAY + timedelta(days=1)) == 0

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_3"


ID_DAY = at(2027, 6, 30)
NEW_FOR_TIER_3 = ["PROOF_OF_ADDRESS", "PROOF_OF_INCOME"]
