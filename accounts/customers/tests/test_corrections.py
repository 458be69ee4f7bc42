from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.access.tests.steps import log_in, newest
from accounts.customers import corrections
from accounts.customers.models import Customer, ProfileChange
from accounts.customers.queries import customer_by_id
from accounts.customers.refusals import (
    BadName,
    BadNationalId,
    ChangeOutdated,
    ChangeWaits,
    IdTaken,
    NotBornYet,
    NothingChanges,
    OneName,
    ReasonMissing,
    TooYoung,
)
from accounts.customers.states import ChangeState
from accounts.factories import (
    PASSWORD,
    CustomerFactory,
    StaffMemberFactory,
    actor_of,
    staff_actor,
)
from accounts.registry.models import IdentityCheck
from ledger.approvals import operations as approvals
from wekeza.kit.actor import Actor
from wekeza.kit.states import IllegalMove

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHECKER = Actor("STAFF", "8", person="person:checker")
APPROVAL = SimpleNamespace(pk=7)
MAKER, DECIDER = "OPERATIONS", "COMPLIANCE"
TODAY = datetime(2026, 11, 21, 9, tzinfo=UTC)  # Staff of the factories work from today on.


@pytest.fixture
def customer():
    return CustomerFactory()


def ask(customer, field="full_name", value="Amina Wambui Otieno", reason="I married"):
    return corrections.request_change(
        customer, field=field, value=value, reason=reason, at=NOON, actor=actor_of(customer)
    )


def approve(change):
    return corrections.correct(
        payload={"change": change.pk}, approval=APPROVAL, actor=CHECKER, at=NOON
    )


class TestRequestChange:
    def test_changes_nothing_yet(self, customer):
        change = ask(customer)

        customer.refresh_from_db()
        assert customer.full_name == "Amina Wambui Njeri"
        assert (change.state, change.before) == (ChangeState.WAITING, "Amina Wambui Njeri")

    @pytest.mark.parametrize(
        ("field", "value", "refusal"),
        [
            ("full_name", "Amina Wambui  Njeri", NothingChanges),
            ("full_name", "Amina", OneName),
            ("full_name", "Amina 2", BadName),
            ("national_id", "123", BadNationalId),
            ("date_of_birth", "2015-01-01", TooYoung),
            ("date_of_birth", "1815-01-01", NotBornYet),
            ("date_of_birth", "soon", NotBornYet),
        ],
    )
    def test_refuses_what_could_never_be(self, customer, field, value, refusal):
        with pytest.raises(refusal):
            ask(customer, field, value)
        assert not customer.changes.exists()

    def test_wants_a_reason_and_waits_once(self, customer):
        with pytest.raises(ReasonMissing):
            ask(customer, reason=" ")
        ask(customer)
        with pytest.raises(ChangeWaits):
            ask(customer, value="Amina Otieno")

    def test_keeps_both_values_encrypted(self, customer):
        change = ask(customer, "national_id", "77665544")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_profilechange WHERE id = %s", [change.pk])
            stored = str(cursor.fetchone())
        assert "77665544" not in stored
        assert customer.national_id not in stored


class TestCorrect:
    def test_corrects_tells_and_asks_the_registers_anew(self, customer):
        change = approve(ask(customer))

        customer.refresh_from_db()
        assert customer.full_name == "Amina Wambui Otieno"
        assert (change.state, change.decided_by) == (ChangeState.APPROVED, "STAFF:8")
        assert newest("details_corrected", user=customer.user)
        open_ones = IdentityCheck.objects.filter(customer=customer, state="PENDING")
        assert open_ones.count() == 2
        assert IdentityCheck.objects.filter(customer=customer, state="SUPERSEDED").count() == 2

    def test_finds_the_customer_by_the_new_id(self, customer):
        approve(ask(customer, "national_id", "87665544"))

        assert customer_by_id("87665544") == customer

    def test_corrects_a_day(self, customer):
        approve(ask(customer, "date_of_birth", "1994-03-28"))

        assert str(Customer.objects.get(pk=customer.pk).date_of_birth) == "1994-03-28"

    def test_refuses_anothers_id(self, customer):
        other = CustomerFactory()
        change = ask(customer, "national_id", other.national_id)

        with pytest.raises(IdTaken):
            approve(change)
        change.refresh_from_db()
        assert change.is_waiting

    def test_is_done_once_and_on_fresh_data(self, customer):
        change = ask(customer)
        approve(change)
        with pytest.raises(ChangeOutdated):
            approve(change)

        late = ask(customer, value="Amina Chebet")
        Customer.objects.filter(pk=customer.pk).update(full_name="Amina Mutua")
        with pytest.raises(ChangeOutdated):
            approve(late)

    def test_loses_to_whoever_took_it_back(self, customer):
        change = ask(customer)
        corrections.withdraw_change(change, at=NOON, actor=actor_of(customer))

        with pytest.raises(ChangeOutdated):
            approve(change)
        with pytest.raises(IllegalMove):
            corrections.reject_change(change, reason="No ID", at=NOON, actor=CHECKER)


class TestFourEyes:
    @pytest.fixture
    def officer(self):
        return StaffMemberFactory(role_id=MAKER)

    @pytest.fixture
    def checker(self):
        return StaffMemberFactory(role_id=DECIDER)

    def propose(self, change, officer):
        return corrections.propose_correction(
            change, reason="Saw the new ID", actor=staff_actor(officer), at=TODAY
        )

    def test_correct_when_a_second_person_says_yes(self, customer, officer, checker):
        waiting = self.propose(ask(customer), officer)
        customer.refresh_from_db()
        assert customer.full_name == "Amina Wambui Njeri"

        approvals.approve(
            waiting, digest=waiting.digest, actor=staff_actor(checker), at=TODAY, note="Right"
        )

        customer.refresh_from_db()
        assert customer.full_name == "Amina Wambui Otieno"

    def test_never_are_two_of_one_person(self, customer, checker):
        officer = StaffMemberFactory(role_id=DECIDER)
        waiting = self.propose(ask(customer), StaffMemberFactory(role_id=MAKER))
        with pytest.raises(approvals.AlreadyWaiting):
            self.propose(customer.changes.get(), StaffMemberFactory(role_id=MAKER))
        approvals.approve(
            waiting, digest=waiting.digest, actor=staff_actor(officer), at=TODAY, note="Right"
        )
        with pytest.raises(ChangeOutdated):
            self.propose(customer.changes.get(), StaffMemberFactory(role_id=MAKER))

    def test_keep_no_whole_id_in_the_approval(self, customer, officer):
        waiting = self.propose(ask(customer, "national_id", "77665544"), officer)

        assert waiting.changes[0]["after"] == "••• 544"


class TestReject:
    def test_says_why(self, customer):
        change = ask(customer)
        with pytest.raises(ReasonMissing):
            corrections.reject_change(change, reason="", at=NOON, actor=CHECKER)
        corrections.reject_change(change, reason="Bring the ID", at=NOON, actor=CHECKER)

        assert (change.state, change.answer) == (ChangeState.REJECTED, "Bring the ID")
        assert newest("correction_refused", user=customer.user)

    def test_stays_in_the_tables(self, customer):
        change = ask(customer)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            ProfileChange.objects.filter(pk=change.pk).delete()


class TestPages:
    @pytest.fixture
    def inside(self, client, customer):
        log_in(client, customer.user.email, PASSWORD)
        return client

    def test_ask_and_say_that_nothing_changed(self, inside, customer):
        page = reverse("accounts:customers:ask_change", args=["full_name"])
        assert inside.post(page, {"full_name": "Amina"}).status_code == 422

        facts = {"full_name": "Amina Wambui Otieno", "reason": "I married"}
        assert inside.post(page, facts)["Location"] == "/settings/profile/"

        said = inside.get("/settings/profile/").content.decode()
        assert "Waiting for approval. Your details have not changed." in said
        assert "Amina Wambui Njeri" in said
        change = customer.changes.get()
        inside.post(reverse("accounts:customers:withdraw_change", args=[change.public_id]))
        change.refresh_from_db()
        assert change.state == ChangeState.WITHDRAWN

    def test_show_the_answer(self, inside, customer):
        corrections.reject_change(ask(customer), reason="Bring the ID", at=NOON, actor=CHECKER)

        assert "Bring the ID" in inside.get("/settings/profile/").content.decode()

    def test_are_for_these_details_and_ones_own_requests(self, inside):
        assert inside.get("/settings/profile/change/tier/").status_code == 404
        change = ask(CustomerFactory())
        page = reverse("accounts:customers:withdraw_change", args=[change.public_id])
        assert inside.post(page).status_code == 404

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("PENDING", "We are asking the national register about your ID."),
            ("MATCH", "Your ID number and name match the national register."),
            ("MISMATCH", "We could not confirm your ID number and name"),
            ("UNKNOWN", "We are asking the national register about your ID."),
        ],
    )
    def test_say_kindly_what_the_register_said(self, inside, customer, state, words):
        kept = IdentityCheck.objects.filter(customer=customer, kind="ID")
        row = kept.get()
        row.state, row.answered_at, row.raw, row.differing = state, NOON, "CANARY", ["Wambui"]
        row.save()

        said = inside.get("/settings/profile/").content.decode()

        assert words in said
        assert "CANARY" not in said
