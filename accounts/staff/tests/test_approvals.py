"""Four eyes: asked by one person, decided by another, done once, and kept as it was asked."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.customers import standing
from accounts.factories import CustomerFactory, StaffMemberFactory, UserFactory, staff_actor
from accounts.staff import operations as staff
from accounts.staff import roles
from accounts.staff.models import Branch, BreakGlass, Role, RoleGrant, StaffMember
from accounts.staff.states import StaffState
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.approvals.states import ApprovalState
from ledger.approvals.tasks import expire
from ledger.controls.models import AuditEntry
from ledger.tests.racing import at_once, refused
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def admin():
    return StaffMemberFactory(role_id="ADMINISTRATOR")


@pytest.fixture
def second():
    return StaffMemberFactory(role_id="ADMINISTRATOR")


@pytest.fixture
def teller():
    return StaffMemberFactory(role_id="TELLER")


def ask(maker, subject, *, role="HEAD_TELLER", reason="She leads the counter from Monday"):
    return staff.ask_role(
        subject,
        role=Role.objects.get(pk=role),
        branch=Branch.objects.get(pk="001"),
        start=NOW.date(),
        end=None,
        reason=reason,
        actor=staff_actor(maker),
        at=NOW,
    )


def approve(asked, checker, *, at=NOW, digest=None):
    return approvals.approve(
        asked, digest=digest or asked.digest, actor=staff_actor(checker), at=at, note="Right"
    )


def roles_of(member):
    return sorted(member.grants.filter(ended_at=None).values_list("role_id", flat=True))


class TestAsking:
    def test_changes_nothing_and_keeps_who_what_and_why(self, admin, teller):
        asked = ask(admin, teller)

        assert roles_of(teller) == ["TELLER"]
        assert (asked.state, asked.maker) == ("PENDING", f"STAFF:{admin.user_id}")
        assert asked.changes[0] == {
            "field": "Roles", "before": "TELLER", "after": "TELLER, HEAD_TELLER",
        }  # fmt: skip
        assert asked.expires_at == NOW + timedelta(hours=72)
        assert AuditEntry.objects.filter(deed="approval.asked", actor=asked.maker).exists()
        assert list(approval_queries.waiting_for(teller)) == [asked]

    def test_the_same_thing_twice_is_refused(self, admin, second, teller):
        ask(admin, teller)

        with pytest.raises(approvals.AlreadyWaiting):
            ask(second, teller)

    def test_takes_a_reason(self, admin, teller):
        with pytest.raises(approvals.ReasonMissing):
            ask(admin, teller, reason="  ")

    def test_takes_the_permission(self, teller):
        other = StaffMemberFactory()

        with pytest.raises(approvals.MayNotAsk, match=r"staff\.administer"):
            ask(teller, other)

    def test_knows_only_deeds_of_the_registry(self, admin, teller):
        with pytest.raises(approvals.NoApprovalRule):
            approvals.propose(
                deed="books.burn", subject=teller, payload={}, changes=[], reason="?",
                actor=staff_actor(admin), at=NOW,
            )  # fmt: skip


class TestApproving:
    @pytest.mark.proves("IA37")
    def test_does_the_deed_once(self, admin, second, teller):
        asked = ask(admin, teller)

        approve(asked, second)

        assert roles_of(teller) == ["HEAD_TELLER", "TELLER"]
        row = Approval.objects.get(pk=asked.pk)
        assert (row.state, row.checker, row.note) == (
            ApprovalState.APPROVED, f"STAFF:{second.user_id}", "Right",
        )  # fmt: skip
        with pytest.raises(approvals.AlreadyDecided):
            approve(asked, second)
        assert roles_of(teller) == ["HEAD_TELLER", "TELLER"]

    def test_is_refused_to_the_one_who_asked(self, admin, teller):
        asked = ask(admin, teller)

        with pytest.raises(approvals.OwnApproval):
            approve(asked, admin)
        assert roles_of(teller) == ["TELLER"]

    def test_is_refused_to_the_same_human_behind_another_login(self, admin):
        """A customer who works here under the same ID is one person (decision 14)."""
        customer = CustomerFactory(national_id="77700123")
        twin = StaffMemberFactory(national_id="77700123", role_id="COMPLIANCE")
        standing.suspend(customer, reason="Fraud", actor=staff_actor(twin), at=NOW)
        asked = approvals.propose(
            deed="customers.lift", subject=customer, payload={"customer": customer.pk}, changes=[],
            reason="A twin", branch="001", at=NOW,
            actor=Actor("CONSOLE", "desk", person=customer.actor.person),
        )  # fmt: skip

        with pytest.raises(approvals.OwnApproval):
            approve(asked, twin)
        with pytest.raises(approvals.OwnApproval):
            approvals.reject(asked, reason="No", actor=staff_actor(twin), at=NOW)
        assert Approval.objects.get(pk=asked.pk).is_waiting

    def test_is_refused_to_whoever_it_is_about(self, admin, teller):
        chief = StaffMemberFactory(role_id="ADMINISTRATOR")
        asked = ask(admin, chief, role="AUDITOR")

        with pytest.raises(staff.NotYourself):
            approve(asked, chief)
        assert Approval.objects.get(pk=asked.pk).is_waiting

    def test_takes_the_permission(self, admin, teller):
        other = StaffMemberFactory(role_id="BRANCH_MANAGER")
        asked = ask(admin, teller)

        with pytest.raises(approvals.MayNotDecide, match=r"staff\.decide"):
            approve(asked, other)

    def test_is_refused_after_its_time(self, admin, second, teller):
        asked = ask(admin, teller)

        with pytest.raises(approvals.ApprovalExpired, match="24 Nov 2026 12:00"):
            approve(asked, second, at=NOW + timedelta(hours=72))

    def test_is_refused_for_something_else_than_was_shown(self, admin, second, teller):
        asked = ask(admin, teller)

        with pytest.raises(approvals.ApprovalChanged):
            approve(asked, second, digest="0" * 64)

    def test_looks_at_fresh_data_and_waits_on_when_the_deed_refuses(self, admin, second):
        gone = StaffMemberFactory()
        staff.suspend(gone, reason="Lost badge", actor=staff_actor(admin), at=NOW)
        asked = staff.ask_return(gone, reason="Found", actor=staff_actor(admin), at=NOW)
        staff.dismiss(gone, reason="Resigned", actor=staff_actor(admin), at=NOW)

        with pytest.raises(Exception, match="cannot become"):
            approve(asked, second)
        assert Approval.objects.get(pk=asked.pk).is_waiting
        assert StaffMember.objects.get(pk=gone.pk).state == StaffState.TERMINATED

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_once_one_does_it(self):
        maker, subject = StaffMemberFactory(role_id="ADMINISTRATOR"), StaffMemberFactory()
        checkers = [StaffMemberFactory(role_id="ADMINISTRATOR") for _ in range(4)]
        asked = ask(maker, subject, role="TELLER")

        results = at_once(4, lambda n: approve(asked, checkers[n]))

        assert [type(refusal) for refusal in refused(results)] == [approvals.AlreadyDecided] * 3
        assert roles_of(subject) == ["SUPPORT", "TELLER"]


class TestSayingNo:
    def test_rejecting_does_nothing_and_says_why(self, admin, second, teller):
        asked = ask(admin, teller)

        approvals.reject(asked, reason="Not before her exam", actor=staff_actor(second), at=NOW)

        row = Approval.objects.get(pk=asked.pk)
        assert (row.state, row.note) == ("REJECTED", "Not before her exam")
        assert roles_of(teller) == ["TELLER"]

    def test_rejecting_takes_a_reason(self, admin, second, teller):
        with pytest.raises(approvals.ReasonMissing):
            approvals.reject(ask(admin, teller), reason="", actor=staff_actor(second), at=NOW)

    def test_the_maker_takes_it_back(self, admin, teller):
        asked = ask(admin, teller)

        approvals.withdraw(asked, actor=staff_actor(admin), at=NOW)

        assert Approval.objects.get(pk=asked.pk).state == "WITHDRAWN"
        ask(admin, teller)  # And may ask anew.

    def test_nobody_else_takes_it_back(self, admin, second, teller):
        with pytest.raises(approvals.MayNotDecide):
            approvals.withdraw(ask(admin, teller), actor=staff_actor(second), at=NOW)

    def test_what_waited_too_long_expires(self, admin, teller):
        asked = ask(admin, teller)
        task = Actor("TASK", "approvals")

        assert approvals.expire_due(at=NOW + timedelta(hours=71), actor=task) == 0
        assert approvals.expire_due(at=NOW + timedelta(hours=72), actor=task) == 1
        assert Approval.objects.get(pk=asked.pk).state == "EXPIRED"

    def test_the_bank_lets_it_expire_by_the_clock(self, admin, teller):
        asked = ask(admin, teller)

        expire()
        with time_machine.travel(NOW + timedelta(days=30), tick=False):
            expire()
            expire()

        assert Approval.objects.get(pk=asked.pk).state == "EXPIRED"


class TestTheDatabase:
    """Whatever the code does: the application role cannot go round the second person."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_approval SET maker_person = 'person:x' WHERE id = {id}",
            "UPDATE ledger_approval SET payload = '{{}}' WHERE id = {id}",
            "UPDATE ledger_approval SET expires_at = 'infinity' WHERE id = {id}",
            "DELETE FROM ledger_approval WHERE id = {id}",
            "TRUNCATE ledger_approval CASCADE",
            "UPDATE ledger_approval SET state = 'APPROVED', checker = maker,"
            " checker_person = maker_person, decided_at = now() WHERE id = {id}",
            "UPDATE ledger_approval SET state = 'APPROVED', decided_at = now() WHERE id = {id}",
            "UPDATE ledger_approvalrule SET to_check = to_make",
            "INSERT INTO accounts_role SELECT 'GOD', 'God', true, 0, now(), NULL",
            "UPDATE accounts_rolepermission SET amount_up_to = NULL",
            "UPDATE accounts_rolegrant SET role_id = 'ADMINISTRATOR'",
            "UPDATE accounts_user SET is_superuser = true",
        ],
    )
    def test_refuses(self, admin, teller, statement):
        asked = ask(admin, teller)

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(id=asked.pk))

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_rolegrant SET ended_at = NULL WHERE staff_id = {id}",
            "UPDATE accounts_rolegrant SET ended_at = now() + interval '1 day'"
            " WHERE staff_id = {id}",
            "UPDATE accounts_rolegrant SET branch_id = NULL WHERE staff_id = {id}",
            "DELETE FROM accounts_rolegrant WHERE staff_id = {id}",
            "UPDATE accounts_staffmember SET state = 'ACTIVE' WHERE id = {id}",
            "UPDATE accounts_staffmember SET national_id_index = 'x' WHERE id = {id}",
            "UPDATE accounts_breakglass SET ends_at = ends_at + interval '900 days'",
            "UPDATE accounts_breakglass SET ends_at = ends_at + interval '1 second'",
            "UPDATE accounts_breakglass SET role_id = 'ADMINISTRATOR'",
            "INSERT INTO accounts_breakglass (staff_id, role_id, reason, begun_at, ends_at, person,"
            " verdict, verdict_note, looked_at_by, looked_person, created_at) VALUES ({id},"
            " 'ADMINISTRATOR', 'x', now(), now() + interval '5 hours', 'x', '', '', '', '', now())",
            "UPDATE accounts_staffterm SET number = 1",
        ],
    )
    def test_keeps_away_what_was_taken_away(self, admin, statement):
        gone = StaffMemberFactory(role_id="RISK")
        roles.break_glass(
            gone, role=Role.objects.get(pk="OPERATIONS"), reason="Fire", at=NOW,
            actor=staff_actor(gone),
        )  # fmt: skip
        [grant] = gone.grants.all()
        who = {"reason": "Out", "actor": staff_actor(admin), "at": NOW}
        staff.end_role(grant, **who)
        staff.suspend(gone, **who)

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(id=gone.pk))
            connection.check_constraints()

    def test_keeps_the_verdict_on_an_emergency(self, admin):
        member = StaffMemberFactory(role_id="RISK")
        taken = roles.break_glass(
            member, role=Role.objects.get(pk="OPERATIONS"), reason="Fire", at=NOW,
            actor=staff_actor(member),
        )  # fmt: skip
        roles.judge(taken, is_right=False, note="None", actor=staff_actor(admin), at=NOW)

        with pytest.raises(DatabaseError, match="is judged"), transaction.atomic():
            BreakGlass.objects.filter(pk=taken.pk).update(verdict="RIGHT")

    def test_refuses_somebody_who_is_born_at_work(self, admin):
        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            StaffMember.objects.create(
                user=UserFactory(), staff_no="W9999", full_name="Ghost", national_id="1",
                national_id_index="ghost", branch_id="001", state="ACTIVE",
            )  # fmt: skip
            connection.check_constraints()

    def test_refuses_a_second_decision(self, admin, second, teller):
        asked = approve(ask(admin, teller), second)

        with pytest.raises(DatabaseError), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(state="REJECTED", note="No")

    def test_refuses_an_approval_that_is_born_decided(self, admin):
        with pytest.raises(DatabaseError, match="begins waiting"), transaction.atomic():
            Approval.objects.create(
                deed="staff.admit", reason="x", to_check="x", digest="x", state="APPROVED",
                maker="a", maker_person="a", checker="b", checker_person="b", made_at=NOW,
                decided_at=NOW, expires_at=NOW,
            )  # fmt: skip

    def test_refuses_a_role_that_nobody_approved(self, teller):
        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            RoleGrant.objects.create(
                staff=teller, role_id="ADMINISTRATOR", effective_from=NOW.date()
            )
            connection.check_constraints()

    def test_refuses_a_role_on_an_approval_that_is_waiting_still(self, admin, teller):
        asked = ask(admin, teller)

        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            RoleGrant.objects.create(
                staff=teller, role_id="TELLER", effective_from=NOW.date(), approval=asked
            )
            connection.check_constraints()

    @pytest.mark.django_db(transaction=True)
    def test_refuses_a_second_role_on_an_old_approval(self):
        maker, checker = (StaffMemberFactory(role_id="ADMINISTRATOR") for _ in range(2))
        subject = StaffMemberFactory(user=UserFactory())
        asked = approve(ask(maker, subject, role="TELLER"), checker)

        with pytest.raises(DatabaseError, match="takes two persons"):
            RoleGrant.objects.create(
                staff=subject, role_id="ADMINISTRATOR", effective_from=NOW.date(), approval=asked
            )
