"""Deeds that a committee decides: so many persons say yes, and the last one's yes does it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from accounts.staff.models import StaffMember
from accounts.tariffs.models import Tariff
from accounts.tariffs.queries import fee_of
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.approvals import terms
from ledger.approvals.models import Approval, ApprovalRule, ApprovalSignature
from ledger.approvals.refusals import AlreadyDecided, AlreadySigned, OwnApproval
from ledger.controls import audit
from ledger.controls.models import AuditEntry
from ledger.money import kes

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """A tariff that somebody asks for, when the bank has ruled that two others decide."""
    maker, other, _third = (staff_actor(StaffMemberFactory(role_id="RISK")) for _ in range(3))
    ruled = terms.ask(
        rule(checkers=2, effective_from=timezone.localdate()),
        reason="Board", actor=maker, at=timezone.now(),
    )  # fmt: skip
    approve(ruled, other)
    row = Tariff(
        code="INTERNAL_TRANSFER", amount="10", currency="KES", excise_class="MONEY_TRANSFER",
        effective_from=timezone.localdate(),
    )  # fmt: skip
    return terms.ask(row, reason="Board paper 3", actor=maker, at=timezone.now())


@pytest.fixture
def committee():
    return [staff_actor(StaffMemberFactory(role_id="RISK")) for _ in range(3)]


def approve(asked, actor, note=""):
    return approvals.approve(asked, digest=asked.digest, actor=actor, at=timezone.now(), note=note)


def rule(**facts):
    return ApprovalRule(
        deed="terms.change", label="Change a term of the bank", to_make="terms.propose",
        to_check="terms.decide", valid_hours=72, **facts,
    )  # fmt: skip


def is_done():
    return fee_of("INTERNAL_TRANSFER", on=timezone.localdate()).gross == kes("10")


class TestACommittee:
    def test_does_it_with_the_last_yes_once(self, asked, committee):
        first = approve(asked, committee[0], note="As the board says")
        assert first.is_waiting and not is_done()
        assert approval_queries.missing(first) == 1

        last = approve(asked, committee[1])

        assert (last.state, last.checker, is_done()) == ("APPROVED", str(committee[1]), True)
        assert last.signatures.get().signer == str(committee[0])
        deeds = AuditEntry.objects.filter(
            deed__startswith="approval.", subject=audit.subject_of(asked)
        ).order_by("pk")
        assert [row.deed for row in deeds] == [
            "approval.asked", "approval.signed", "approval.approved",
        ]  # fmt: skip
        with pytest.raises(AlreadyDecided):
            approve(asked, committee[2])
        assert Tariff.objects.filter(amount="10", approval=asked).count() == 1

    def test_is_of_different_persons(self, asked, committee):
        people = [staff_actor(one) for one in StaffMember.objects.all()]
        maker = next(one for one in people if str(one) == asked.maker)
        approve(asked, committee[0])

        with pytest.raises(AlreadySigned) as refusal:
            approve(asked, committee[0])
        with pytest.raises(OwnApproval):
            approve(asked, maker)

        assert "It needs 1 more" in str(refusal.value)
        assert asked.signatures.count() == 1 and not is_done()

    def test_is_undone_by_one_no(self, asked, committee):
        approve(asked, committee[0])

        approvals.reject(asked, reason="Too dear", actor=committee[1], at=timezone.now())

        with pytest.raises(AlreadyDecided):
            approve(asked, committee[2])
        assert not is_done()

    def test_is_asked_again_by_the_database(self, asked, committee):
        """Whoever writes past the operations meets the triggers."""
        facts = {"state": "APPROVED", "checker": "x", "checker_person": "x"}
        rows = Approval.objects.filter(pk=asked.pk)
        with pytest.raises(DatabaseError, match="takes 2 persons"), transaction.atomic():
            rows.update(decided_at=timezone.now(), **facts)
        sign = {"approval": asked, "signed_at": timezone.now()}
        with pytest.raises(DatabaseError, match="not for"), transaction.atomic():
            ApprovalSignature.objects.create(
                signer=asked.maker, signer_person=asked.maker_person, **sign
            )
        ApprovalSignature.objects.create(signer="x", signer_person="x", **sign)
        with pytest.raises(DatabaseError, match="takes 2 persons"), transaction.atomic():
            rows.update(decided_at=timezone.now(), **facts)
        with pytest.raises(DatabaseError), transaction.atomic():
            ApprovalSignature.objects.update(note="Other")

    def test_that_nobody_could_fill_is_no_rule(self):
        maker = staff_actor(StaffMemberFactory(role_id="RISK"))
        StaffMemberFactory(role_id="RISK")
        row = rule(checkers=3, effective_from=timezone.localdate() + timedelta(1))

        with pytest.raises(terms.NotWhole, match="too few hold terms.decide .* 3 are to decide"):
            terms.ask(row, reason="Board", actor=maker, at=timezone.now())


class TestItsPage:
    def test_tells_who_said_yes_and_who_is_missing(self, asked, at_work, committee):
        approve(asked, committee[0], note="As the board says")
        page = f"/workbench/approvals/{asked.public_id}/"

        text = at_work("RISK").get(page).content.decode()

        assert "2 say yes, 1 to go" in text and "As the board says" in text
        assert 'value="approve"' in text

    def test_lets_nobody_say_yes_twice(self, asked, at_work):
        client = at_work("RISK")
        approve(asked, staff_actor(client.member))

        text = client.get(f"/workbench/approvals/{asked.public_id}/").content.decode()

        assert "Others are to say yes too" in text
        assert 'value="approve"' not in text and 'value="reject"' in text
        assert "Nothing waits for you" in client.get("/workbench/approvals/").content.decode()
