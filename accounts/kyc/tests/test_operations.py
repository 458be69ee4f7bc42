"""Asking for a tier, telling and sending what it needs, and reviewing it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.customers.queries import main_address_of
from accounts.documents.models import Document
from accounts.documents.operations import AlreadyDecided
from accounts.factories import (
    CustomerFactory,
    DocumentFactory,
    actor_of,
)
from accounts.kyc import desk, queries
from accounts.kyc import operations as kyc
from accounts.kyc.models import DeclaredFacts, Submission
from accounts.kyc.reasons import TIPS, Reason
from accounts.kyc.tests.steps import (
    NOON,
    WANJIRU,
    begin,
    sent,
    tell,
)
from accounts.notifications.models import Message
from ledger.controls.models import AuditEntry
from ledger.money import kes

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


def test_documents_know_their_customer():
    document = sent().customer.documents.first()

    assert document.state == Document.State.STAGED
