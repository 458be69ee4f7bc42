from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.access.tests.steps import newest
from accounts.customers import consents
from accounts.factories import CustomerFactory, actor_of
from accounts.privacy import operations as privacy
from accounts.privacy import queries
from accounts.privacy.models import FileView, PrivacyTerm
from accounts.privacy.refusals import (
    AlreadyAnswered,
    AlreadyAsked,
    NoSuchRequest,
    PurposeMissing,
    WordsMissing,
)
from accounts.privacy.states import RequestState
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
OFFICER = Actor("STAFF", "7", person="person:officer")


@pytest.fixture
def customer():
    return CustomerFactory()


class TestNoteView:
    def look(self, customer, **facts):
        facts = {"purpose": "CALL", "role": "Support", "words": "Ticket 4"} | facts
        return privacy.note_view(customer, actor=OFFICER, at=NOON, **facts)

    def test_shows_the_customer_role_and_purpose(self, customer):
        self.look(customer)

        [held] = queries.views_held_on(customer)
        assert held == {
            "when": NOON,
            "role": "Support",
            "purpose": "You called us",
        }
        assert AuditEntry.objects.filter(deed="customer.file_opened", actor="STAFF:7").exists()

    def test_tells_nobody_of_looks_that_the_law_asks_for(self, customer):
        self.look(customer, purpose="INVESTIGATION")

        assert not queries.views_of(customer)
        assert FileView.objects.filter(customer=customer).exists()

    @pytest.mark.parametrize("purpose", ["", "CURIOSITY"])
    def test_wants_a_purpose(self, customer, purpose):
        with pytest.raises(PurposeMissing):
            self.look(customer, purpose=purpose)
        assert not FileView.objects.filter(customer=customer).exists()

    @pytest.mark.parametrize("deed", ["UPDATE {} SET role = 'x'", "DELETE FROM {}"])
    def test_is_kept_as_it_was(self, customer, deed):
        self.look(customer)
        refused = pytest.raises(Exception, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed.format("accounts_fileview"))


class TestAskCopy:
    def ask(self, customer, at=NOON):
        return privacy.ask_copy(customer, at=at, actor=actor_of(customer))

    def test_has_seven_days_and_takes_none(self, customer):
        request = self.ask(customer)

        assert request.due_date == date(2026, 11, 27)
        assert (request.state, request.answered_at) == (RequestState.ANSWERED, NOON)
        assert newest("data_copied", user=customer.user)

    def test_is_one_request_for_two_taps(self, customer):
        assert self.ask(customer) == self.ask(customer, at=NOON + timedelta(minutes=4))
        assert len(queries.requests_of(customer)) == 1
        self.ask(customer, at=NOON + timedelta(minutes=6))
        assert len(queries.requests_of(customer)) == 2


class TestObject:
    def ask(self, customer, words="Do not score me"):
        return privacy.object_to(customer, words=words, at=NOON, actor=actor_of(customer))

    def test_waits_for_an_officer_until_the_seventh_day(self, customer):
        request = self.ask(customer)

        assert request in queries.waiting()
        assert request not in queries.overdue(at=NOON + timedelta(days=7))
        assert request in queries.overdue(at=NOON + timedelta(days=8))

    def test_wants_words_and_waits_once(self, customer):
        with pytest.raises(WordsMissing):
            self.ask(customer, words=" ")
        self.ask(customer)
        with pytest.raises(AlreadyAsked) as refused:
            self.ask(customer)
        assert "27 Nov 2026" in str(refused.value)

    def test_is_answered_once_and_in_words(self, customer):
        request = self.ask(customer)
        with pytest.raises(WordsMissing):
            privacy.answer(request, text="", at=NOON, actor=OFFICER)

        privacy.answer(request, text="We stopped.", at=NOON, actor=OFFICER)

        assert queries.requests_of(customer)[0].answer == "We stopped."
        assert newest("data_answered", user=customer.user)
        with pytest.raises(AlreadyAnswered):
            privacy.answer(request, text="We did not.", at=NOON, actor=OFFICER)

    def test_is_seen_by_who_asked_only(self, customer):
        request = self.ask(customer)
        assert queries.request_of(customer, request.public_id) == request
        with pytest.raises(NoSuchRequest):
            queries.request_of(CustomerFactory(), request.public_id)


class TestErasure:
    @pytest.mark.parametrize(("language", "words"), [("en", "for 7 years after"), ("sw", "7")])
    def test_ends_what_rests_on_consent_and_says_what_the_law_keeps(
        self, customer, language, words
    ):
        facts = {"language": language, "at": NOON, "actor": actor_of(customer)}
        seen = consents.hashes(language=language)
        privacy.customers.choose_news(customer, agrees=True, seen=seen, **facts)

        request = privacy.ask_erasure(customer, words="", **facts)

        assert words in request.answer
        assert request.state == RequestState.ANSWERED
        assert not customer.consents.filter(kind="MARKETING", withdrawn_at=None).exists()
        assert customer.consents.filter(withdrawn_at=None).count() == 2


class TestTerms:
    def test_are_rows_that_the_application_only_reads(self):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            PrivacyTerm.objects.update(value=1)

    def test_missing_are_an_error(self):
        with pytest.raises(queries.NoTerm):
            queries.term("KEEP_YEARS", on=date(2024, 1, 1))
