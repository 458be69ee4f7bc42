"""The pages of the close of business: who sees them, and what they do."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from accounts.factories import StaffMemberFactory, staff_actor
from accounts.notifications.models import Message
from branch.close_of_business import operations as close
from branch.close_of_business import queries
from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.notices import tell_of_broken_books
from branch.close_of_business.states import ChunkState, RunState
from branch.close_of_business.tests.test_runs import after, run_the_night
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from ledger.factories import NOON, LedgerAccountFactory, put_in
from ledger.proofs import seals
from ledger.proofs.models import ProofRun
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
HERE = "/workbench/close/"


@pytest.fixture
def stopped():
    """A night in which one account of the accrual was set aside."""
    run = close.begin(at=after(calendar.business_date()), actor=SYSTEM)
    step = CloseStep.objects.get(run=run, name="accrue")
    CloseChunk.objects.create(
        step=step, first=7, last=7, state=ChunkState.ASIDE, reason="ArithmeticError: of its own"
    )
    CloseStep.objects.filter(run=run, name__in=["holds", "accrue"]).update(state="DONE")
    CloseRun.objects.filter(pk=run.pk).update(state=RunState.STOPPED)
    return CloseRun.objects.get(pk=run.pk)


class TestTheNights:
    def test_are_listed_with_the_state_of_the_books(self, at_work):
        day, _done = run_the_night()

        text = at_work("AUDITOR").get(HERE).content.decode()

        assert f"{HERE}{day}/" in text
        assert "They hold" in text
        assert seals.head().hash[:16] in text

    def test_show_their_steps_counts_and_reasons(self, at_work, stopped):
        text = at_work("OPERATIONS").get(f"{HERE}{stopped.business_date}/").content.decode()

        assert "Work out what savings earned" in text
        assert "ArithmeticError: of its own" in text
        assert "Run it again" in text

    def test_say_when_nobody_proves_the_books(self, at_work):
        ProofRun.objects.create(
            since_entry=0, last_entry=0, holds=True, seconds=1, at=NOON.replace(year=2025)
        )

        assert "have not been asked lately" in at_work("AUDITOR").get(HERE).content.decode()

    @pytest.mark.parametrize("day", ["2020-01-01", "yesterday", "2026-13-40"])
    def test_that_were_none_are_not_found(self, at_work, day):
        assert at_work("AUDITOR").get(f"{HERE}{day}/").status_code == 404


class TestANightThatStopped:
    def test_waits_on_the_home_of_those_who_run_it(self, at_work, stopped):
        assert "Nights that stopped" in at_work("OPERATIONS").get("/workbench/").content.decode()

    def test_is_run_again_by_operations(self, at_work, stopped):
        answer = at_work("OPERATIONS").post(f"{HERE}{stopped.business_date}/", {"deed": "again"})

        assert answer.status_code == 303
        assert not queries.aside_of(stopped).exists()
        stopped.refresh_from_db()
        assert stopped.state == RunState.RUNNING

    def test_may_be_passed_by_two_with_a_reason(self, at_work, stopped):
        operations = at_work("OPERATIONS")
        address = f"{HERE}{stopped.business_date}/"

        bare = operations.post(address, {"deed": "force", "reason": ""})
        asked = operations.post(address, {"deed": "force", "reason": "In court"})

        assert (bare.status_code, asked.status_code) == (422, 303)
        waiting = Approval.objects.get(deed="close_of_business.force")
        assert waiting.reason == "In court"
        assert "Waiting for a second officer" in operations.get(address).content.decode()

    def test_that_two_have_passed_offers_nothing_more(self, at_work, stopped):
        operations, address = at_work("OPERATIONS"), f"{HERE}{stopped.business_date}/"
        operations.post(address, {"deed": "force", "reason": "In court"})
        asked = Approval.objects.get(deed="close_of_business.force")
        checker = staff_actor(StaffMemberFactory(role_id="RISK"))
        approvals.approve(asked, digest=asked.digest, actor=checker, at=asked.made_at)

        text = operations.get(address).content.decode()
        again = operations.post(address, {"deed": "again"})

        assert "Stays undone, by decision of two" in text
        assert "Run it again" not in text
        assert "Ask a second officer" not in text
        assert again.status_code == 422
        assert "by hand, with a voucher" in again.content.decode()

    def test_is_not_touched_by_who_only_looks(self, at_work, stopped):
        auditor = at_work("AUDITOR")

        answer = auditor.post(f"{HERE}{stopped.business_date}/", {"deed": "again"})

        assert answer.status_code == 403
        assert "Run it again" not in auditor.get(f"{HERE}{stopped.business_date}/").content.decode()
        assert queries.aside_of(stopped).exists()


class TestTheHeadOfTheChain:
    def test_is_taken_outside_with_a_signature_that_anybody_can_check(self, at_work):
        put_in(LedgerAccountFactory(), "5")
        seals.seal()

        answer = at_work("AUDITOR").get(f"{HERE}seal.json")

        file = json.loads(answer.content)
        signed = json.loads(file["signed"])
        assert (signed["seal"], signed["hash"]) == (seals.head().pk, seals.head().hash)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(file["public_key"]))
        key.verify(base64.b64decode(file["signature"]), file["signed"].encode())  # Or it raises.

    def test_is_the_auditors(self, at_work):
        assert at_work("OPERATIONS").get(f"{HERE}seal.json").status_code == 403


class TestBrokenBooks:
    def test_are_told_to_those_who_run_and_decide(self, at_work):
        officer = at_work("OPERATIONS").member
        run = ProofRun.objects.create(
            since_entry=0, last_entry=9, holds=False, seconds=1, at=NOON,
            faults=[["P02_x", "account 7/0", "stands at 5"]],
        )  # fmt: skip

        tell_of_broken_books(run=run.pk, at=NOON)

        told = Message.objects.filter(kind="books_broken", user=officer.user)
        assert {message.channel for message in told} == {"SMS", "EMAIL"}

    def test_are_shown_with_every_fault(self, at_work):
        ProofRun.objects.create(
            since_entry=0, last_entry=9, holds=False, seconds=1, at=NOON,
            faults=[["P02_x", "account 7/0", "stands at 5"]],
        )  # fmt: skip

        text = at_work("AUDITOR").get(HERE).content.decode()
        assert "The books do not hold" in text
        assert "stands at 5" in text
