from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.customers.queries import main_address_of
from accounts.deposits import queries as deposits
from accounts.documents.models import Document
from accounts.documents.operations import AlreadyDecided
from accounts.factories import CustomerFactory, DocumentFactory, actor_of
from accounts.kyc import checks, desk, queries
from accounts.kyc import operations as kyc
from accounts.kyc.models import DeclaredFacts, Review, Submission
from accounts.kyc.reasons import TIPS, Reason
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
from accounts.limits import queries as limits
from accounts.notifications.models import Message
from ledger.controls.models import AuditEntry
from ledger.money import kes
from wekeza.kit.encryption import blind_index

pytestmark = pytest.mark.django_db
State = Submission.State


class TestInitiate:
    def test_begins_once_for_a_tier(self):
        customer = CustomerFactory()

        first, again = begin(customer), begin(customer)

        assert first == again and first.state == State.OPEN
        assert AuditEntry.objects.filter(deed="kyc.initiated").count() == 1

    def test_gives_way_to_another_tier_while_nothing_was_sent(self):
        customer = CustomerFactory()
        second = begin(customer, "TIER_2")

        third = begin(customer, "TIER_3")

        second.refresh_from_db()
        assert (second.state, third.state) == (State.CANCELLED, State.OPEN)

    @pytest.mark.parametrize("tier", ["TIER_1", "BUSINESS", "TIER_9", ""])
    def test_offers_only_what_is_above_and_for_people(self, tier):
        with pytest.raises(kyc.TierNotOffered):
            begin(CustomerFactory(), tier)

    def test_waits_while_another_request_is_checked(self):
        submission = sent("TIER_2")

        with pytest.raises(kyc.AlreadyInReview) as refused:
            begin(submission.customer, "TIER_3")
        assert "21 Nov 2026, 12:00 EAT" in str(refused.value)

    def test_is_not_for_suspended_customers(self):
        customer = CustomerFactory()
        customer.status = customer.Status.SUSPENDED
        customer.save()

        with pytest.raises(kyc.CustomerNotActive):
            begin(customer)

    def test_is_let_go_of_before_it_is_sent(self):
        customer = CustomerFactory()
        submission = begin(customer)

        kyc.cancel(customer, actor=actor_of(customer), at=NOON)

        submission.refresh_from_db()
        assert submission.state == State.CANCELLED
        with pytest.raises(kyc.NothingAsked):
            kyc.cancel(customer, actor=actor_of(customer), at=NOON)


class TestTellFacts:
    def test_keeps_what_is_declared_and_the_pin_sealed(self):
        customer = CustomerFactory()

        tell(customer, kra_pin=" a123456789z ", monthly_income=kes("45000"))

        told = DeclaredFacts.objects.get()
        customer.refresh_from_db()
        assert (told.kra_pin, told.monthly_income) == ("A123456789Z", 45000)
        assert (main_address_of(customer), customer.occupation) == ("Kilifi", "Teacher")

    def test_leaves_what_was_not_told_as_it_was(self):
        customer = CustomerFactory()
        tell(customer, monthly_income=kes("45000"), source_of_funds="SALARY")

        tell(customer, occupation="Farmer")

        told = DeclaredFacts.objects.get()
        assert (told.monthly_income, told.source_of_funds) == (45000, "SALARY")

    @pytest.mark.parametrize(
        "kra_pin", ["", "B123456789Z", "A12345678Z", "A1234567890Z", "A１23456789Z", "A123456789"]
    )
    def test_refuses_what_is_no_kra_pin(self, kra_pin):
        with pytest.raises(kyc.BadKraPin):
            tell(CustomerFactory(), kra_pin=kra_pin)

    def test_is_closed_while_it_is_checked(self):
        submission = sent()

        with pytest.raises(kyc.AlreadyInReview):
            tell(submission.customer)


class TestSendForReview:
    @pytest.mark.proves("CK10", "CK21")
    def test_starts_the_clock_of_the_bank(self):
        submission = sent("TIER_2")

        assert submission.state == State.SENT
        assert submission.answer_due_at == NOON + timedelta(hours=24)
        again = kyc.send_for_review(
            submission.customer, actor=actor_of(submission.customer), at=NOON + timedelta(hours=3)
        )
        assert again.answer_due_at == submission.answer_due_at

    def test_names_what_is_missing(self):
        customer = CustomerFactory()
        begin(customer)
        tell(customer)
        DocumentFactory(customer=customer, kind="ID_FRONT", at=NOON)

        with pytest.raises(kyc.NotComplete) as refused:
            kyc.send_for_review(customer, actor=actor_of(customer), at=NOON)

        assert str(refused.value) == ("This is still missing: Back of your ID, Photo of your face")

    @pytest.mark.proves("CK08")
    def test_needs_a_valid_id_and_proof_of_income_for_the_third_tier(self):
        customer, tomorrow = CustomerFactory(), NOON + timedelta(days=1)
        begin(customer, "TIER_3")
        tell(customer, monthly_income=kes("45000"), source_of_funds="SALARY")
        for kind in ("ID_BACK", "SELFIE", "PROOF_OF_ADDRESS"):
            DocumentFactory(customer=customer, kind=kind, at=NOON, issued_date=NOON.date())
        DocumentFactory(customer=customer, kind="ID_FRONT", at=NOON, expires_date=NOON.date())

        with pytest.raises(kyc.NotComplete) as refused:
            kyc.send_for_review(customer, actor=actor_of(customer), at=tomorrow)
        assert str(refused.value) == "This is still missing: Front of your ID, Proof of income"

        for kind in ("ID_FRONT", "PROOF_OF_INCOME"):
            DocumentFactory(customer=customer, kind=kind, at=tomorrow)
        sent_off = kyc.send_for_review(customer, actor=actor_of(customer), at=tomorrow)
        assert sent_off.state == State.SENT

    def test_needs_a_tier_that_was_asked_for(self):
        customer = CustomerFactory()
        with pytest.raises(kyc.NothingAsked):
            kyc.send_for_review(customer, actor=actor_of(customer), at=NOON)


class TestReview:
    def test_shows_the_oldest_clock_first_with_what_is_left(self):
        late, fresh = sent(at=NOON - timedelta(hours=30)), sent()

        rows = queries.queue(queries.waiting(), at=NOON)

        assert [row.submission for row in rows] == [late, fresh]
        assert [row.is_late for row in rows] == [True, False]
        assert rows[1].left == timedelta(hours=24)

    def test_puts_documents_beside_what_was_declared(self):
        other = CustomerFactory()
        tell(other)
        submission = sent()

        case = desk.case_of(submission, at=NOON)

        assert case.facts["KRA_PIN"] == "A123456789Z" and case.same_kra_pin == 1
        assert [need.code for need in case.needs if need.is_document] == [
            "ID_FRONT", "ID_BACK", "SELFIE",
        ]  # fmt: skip
        assert ("Out in a day", "KES 50,000.00", "KES 300,000.00") in [
            tuple(part.replace("\u00a0", " ") for part in change) for change in case.changes
        ]

    def test_hands_declined_papers_back_with_reason_and_tip(self):
        submission = sent()
        customer = submission.customer
        selfie = customer.documents.get(kind="SELFIE")
        kyc.decline_document(
            submission, document=selfie, reason="FACE_NOT_CLEAR", actor=WANJIRU, at=NOON
        )

        kyc.ask_again(submission, actor=WANJIRU, at=NOON)

        submission.refresh_from_db()
        assert submission.state == State.OPEN
        [need] = [
            need
            for need in queries.needs_of(customer, tier=submission.tier, on=NOON.date())
            if need.is_declined
        ]
        assert need.why == "Your face cannot be seen well"
        assert "Face the light" in need.tip
        told = Message.objects.filter(user=customer.user, kind="kyc_retake")
        assert {row.channel for row in told} == {"SMS", "EMAIL"}
        assert "could not accept 1 of your papers" in told.get(channel="SMS").body

        DocumentFactory(customer=customer, kind="SELFIE", at=NOON)
        again = kyc.send_for_review(customer, actor=actor_of(customer), at=NOON)
        assert again.pk == submission.pk and again.state == State.SENT

    def test_has_a_tip_for_every_reason(self):
        assert set(TIPS) == set(Reason)

    def test_asks_for_nothing_when_nothing_was_declined(self):
        with pytest.raises(kyc.NothingDeclined):
            kyc.ask_again(sent(), actor=WANJIRU, at=NOON)

    def test_decides_a_paper_once(self):
        submission = sent()
        document = submission.customer.documents.get(kind="ID_BACK")
        kyc.approve_document(submission, document=document, actor=WANJIRU, at=NOON)

        with pytest.raises(AlreadyDecided):
            kyc.decline_document(
                submission, document=document, reason="GLARE", actor=WANJIRU, at=NOON
            )

    def test_takes_no_paper_of_another_customer_or_that_is_not_asked_for(self):
        submission = sent()
        theirs = DocumentFactory(at=NOON)
        other = DocumentFactory(customer=submission.customer, kind="OTHER", at=NOON)

        for document in (theirs, other):
            with pytest.raises(kyc.NotPartOfIt):
                kyc.approve_document(submission, document=document, actor=WANJIRU, at=NOON)

    def test_is_never_of_oneself(self):
        submission = sent()
        customer = submission.customer
        myself = replace(WANJIRU, person=customer.actor.person)  # A clerk who banks here.

        for actor in (myself, actor_of(customer)):
            with pytest.raises(kyc.OwnSubmission):
                kyc.approve_document(
                    submission,
                    document=customer.documents.get(kind="SELFIE"),
                    actor=actor,
                    at=NOON,
                )

    def test_is_over_when_the_customer_collects_again(self):
        customer = CustomerFactory()
        submission = begin(customer)
        document = DocumentFactory(customer=customer, at=NOON)

        with pytest.raises(kyc.NotInReview):
            kyc.approve_document(submission, document=document, actor=WANJIRU, at=NOON)


class TestRaiseTier:
    @pytest.mark.proves("CK15")
    def test_raises_tier_limits_and_maximum_in_one_deed(self):
        submission = sent("TIER_2")
        customer = submission.customer
        accept_all(submission)

        review = kyc.raise_tier(
            payload=payload_of(submission), approval=Approved, actor=OTIENO, at=NOON
        )

        customer.refresh_from_db()
        submission.refresh_from_db()
        assert (customer.tier_id, customer.kyc_status) == ("TIER_2", "VERIFIED")
        [holding] = deposits.held_by(actor_of(customer))
        assert holding.maximum == kes("1000000")  # kenya.md 7.1
        room = limits.room_left(customer, NOON)
        assert (room.per_transfer, room.day.cap) == (kes("150000"), kes("300000"))
        assert submission.state == State.RAISED
        assert (review.reviewed_by, review.approved_by) == ("STAFF:901", "STAFF:902")
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
        kyc.raise_tier(payload=payload, approval=Approved, actor=OTIENO, at=NOON)

        with pytest.raises(kyc.NotInReview):
            kyc.raise_tier(payload=payload, approval=Approved, actor=OTIENO, at=NOON)
        assert Review.objects.count() == 1

    def test_looks_again_at_fresh_papers(self):
        submission = sent()
        accept_all(submission, ID_FRONT=NOON.date())
        payload = payload_of(submission)

        with pytest.raises(kyc.NotVerified):  # The ID ended over night.
            kyc.raise_tier(
                payload=payload, approval=Approved, actor=OTIENO, at=NOON + timedelta(days=1)
            )
        with pytest.raises(kyc.NotVerified):  # Not the papers that were shown.
            kyc.raise_tier(
                payload=payload | {"documents": [1]}, approval=Approved, actor=OTIENO, at=NOON
            )
        assert queries.current_review(submission.customer) is None

    def test_refuses_another_tier_than_was_asked_for(self):
        submission = sent()
        accept_all(submission)

        with pytest.raises(kyc.NotInReview):
            kyc.raise_tier(
                payload=payload_of(submission) | {"tier": "TIER_3"},
                approval=Approved,
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
            kyc.raise_tier(payload=payload_of(submission), approval=Approved, actor=OTIENO, at=NOON)

    def test_lets_nobody_pass_whom_the_register_does_not_know(self, monkeypatch):
        submission = sent()
        accept_all(submission)
        doubt = SimpleNamespace(is_open=False, is_confirmed=False)
        monkeypatch.setattr(checks, "registry", SimpleNamespace(checks_of=lambda customer: [doubt]))

        with pytest.raises(kyc.IdentityDoubtful):
            kyc.raise_tier(payload=payload_of(submission), approval=Approved, actor=OTIENO, at=NOON)
        doubt.is_confirmed = True  # An officer saw the papers and settled it.
        kyc.raise_tier(payload=payload_of(submission), approval=Approved, actor=OTIENO, at=NOON)

    def test_refuses_a_second_person_who_is_the_customer(self):
        submission = sent()
        accept_all(submission)

        with pytest.raises(kyc.OwnSubmission):
            kyc.raise_tier(
                payload=payload_of(submission),
                approval=Approved,
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


def test_documents_know_their_customer():
    document = sent().customer.documents.first()

    assert document.state == Document.State.STAGED
