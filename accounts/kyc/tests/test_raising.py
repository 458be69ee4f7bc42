"""Raising a tier by two persons, and who somebody is then."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.deposits import queries as deposits
from accounts.factories import (
    CustomerFactory,
    StaffMemberFactory,
    actor_of,
    staff_actor,
)
from accounts.kyc import checks, queries
from accounts.kyc import operations as kyc
from accounts.kyc.models import Review, Submission
from accounts.kyc.tests.steps import (
    NOON,
    OTIENO,
    accept_all,
    agree_on,
    payload_of,
    raised,
    sent,
    tell,
)
from accounts.limits import queries as limits
from accounts.notifications.models import Message
from ledger.money import kes
from wekeza.kit.encryption import blind_index

pytestmark = pytest.mark.django_db
State = Submission.State


def ready():
    submission = sent("TIER_2")
    accept_all(submission)
    return submission


class TestRaiseTier:
    @pytest.mark.proves("CK15")
    def test_raises_tier_limits_and_maximum_in_one_deed(self):
        submission = sent("TIER_2")
        customer = submission.customer
        accept_all(submission)

        review = agree_on(submission)

        customer.refresh_from_db()
        submission.refresh_from_db()
        assert (customer.tier_id, customer.kyc_status) == ("TIER_2", "VERIFIED")
        [holding] = deposits.held_by(actor_of(customer))
        assert holding.maximum == kes("1000000")  # kenya.md 7.1
        room = limits.room_left(customer, NOON)
        assert (room.per_transfer, room.day.cap) == (kes("150000"), kes("300000"))
        assert submission.state == State.RAISED
        asked = review.approval
        assert (review.reviewed_by, review.approved_by) == (asked.maker, asked.checker)
        told = Message.objects.get(user=customer.user, kind="kyc_raised", channel="SMS")
        assert "Standard" in told.body and "KES 300,000.00" in told.body.replace("\u00a0", " ")

    @pytest.mark.parametrize(
        ("risk", "due"), [("LOW", "2031-11-20"), ("MEDIUM", "2028-11-20"), ("HIGH", "2027-11-20")]
    )
    def test_is_reviewed_again_by_risk(self, risk, due):
        customer = raised("TIER_2", risk=risk)

        assert str(queries.current_review(customer).due_date) == due

    def test_goes_on_to_the_third_tier(self):
        customer = raised("TIER_2")

        raised("TIER_3", customer=customer, at=NOON + timedelta(days=1))

        customer.refresh_from_db()
        assert customer.tier_id == "TIER_3"
        assert deposits.held_by(actor_of(customer))[0].maximum is None
        assert Review.objects.filter(customer=customer, state="CURRENT").count() == 1

    def test_happens_once(self):
        submission = sent()
        accept_all(submission)
        payload = payload_of(submission)
        agree_on(submission)

        with pytest.raises(kyc.NotInReview):
            kyc.raise_tier(payload=payload, approval=None, actor=OTIENO, at=NOON)
        assert Review.objects.count() == 1

    def test_takes_two_persons_by_the_database_too(self):
        review, another = agree_on(ready()), ready()
        facts = {"tier_id": "TIER_2", "risk": "LOW", "reviewed_at": NOON, "due_date": NOON.date()}
        asked = kyc.propose_raise(
            another, risk="LOW", reason="Mine", at=NOON,
            actor=staff_actor(StaffMemberFactory(role_id="COMPLIANCE", at=NOON)),
        )  # fmt: skip

        for approval in (asked, review.approval):  # Nobody decided it; it was for another.
            with pytest.raises(DatabaseError), transaction.atomic():
                Review.objects.create(
                    customer=another.customer, submission=another, approval=approval,
                    reviewed_by="STAFF:1", approved_by="STAFF:2", **facts,
                )  # fmt: skip
                connection.check_constraints()

    def test_looks_again_at_fresh_papers(self):
        submission = sent()
        accept_all(submission, ID_FRONT=NOON.date())
        payload = payload_of(submission)

        with pytest.raises(kyc.NotVerified):  # The ID ended over night.
            kyc.raise_tier(
                payload=payload, approval=None, actor=OTIENO, at=NOON + timedelta(days=1)
            )
        with pytest.raises(kyc.NotVerified):  # Not the papers that were shown.
            kyc.raise_tier(
                payload=payload | {"documents": [1]}, approval=None, actor=OTIENO, at=NOON
            )
        assert queries.current_review(submission.customer) is None

    def test_refuses_another_tier_than_was_asked_for(self):
        submission = sent()
        accept_all(submission)

        with pytest.raises(kyc.NotInReview):
            kyc.raise_tier(
                payload=payload_of(submission) | {"tier": "TIER_3"},
                approval=None,
                actor=OTIENO,
                at=NOON,
            )

    def test_refuses_a_customer_who_was_suspended_meanwhile(self):
        submission = sent()
        accept_all(submission)
        customer = submission.customer
        customer.status = customer.Status.SUSPENDED
        customer.save()

        with pytest.raises(kyc.CustomerNotActive):
            kyc.raise_tier(payload=payload_of(submission), approval=None, actor=OTIENO, at=NOON)

    def test_lets_nobody_pass_whom_the_register_does_not_know(self, monkeypatch):
        submission = sent()
        accept_all(submission)
        doubt = SimpleNamespace(is_open=False, is_confirmed=False)
        monkeypatch.setattr(checks, "registry", SimpleNamespace(checks_of=lambda customer: [doubt]))

        with pytest.raises(kyc.IdentityDoubtful):
            kyc.raise_tier(payload=payload_of(submission), approval=None, actor=OTIENO, at=NOON)
        doubt.is_confirmed = True  # An officer saw the papers and settled it.
        assert agree_on(submission).tier_id == "TIER_2"

    def test_refuses_a_second_person_who_is_the_customer(self):
        submission = sent()
        accept_all(submission)

        with pytest.raises(kyc.OwnSubmission):
            kyc.raise_tier(
                payload=payload_of(submission),
                approval=None,
                actor=actor_of(submission.customer),
                at=NOON,
            )


class TestWhoSomebodyIs:
    @pytest.mark.proves("CK15", "CK20")
    def test_is_known_by_id_name_email_and_status(self):
        customer = raised("TIER_2")

        row = (
            type(customer)
            .objects.values("user__id", "full_name", "user__email", "kyc_status", "tier__label")
            .get(pk=customer.pk)
        )

        assert row == {
            "user__id": customer.user_id,
            "full_name": "Amina Wambui Njeri",
            "user__email": customer.user.email,
            "kyc_status": "VERIFIED",
            "tier__label": "Standard",
        }


class TestDeclaredPins:
    def test_are_found_by_a_keyed_hash_alone(self):
        customer = CustomerFactory()
        told = tell(customer)

        assert told.kra_pin_index == blind_index("A123456789Z", context="kyc.kra_pin")
        assert "A123456789Z" not in told.kra_pin_index
