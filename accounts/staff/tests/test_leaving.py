"""Leaving the bank, and a role taken alone in an emergency."""

from datetime import timedelta

import pytest

from accounts.factories import (
    CustomerFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.staff import operations as staff
from accounts.staff import queries, roles
from accounts.staff.models import Role, StaffMember
from accounts.staff.refusals import (
    AlreadyJudged,
    NotAnEmergencyRole,
    NotForYou,
    NotYourself,
    StillUnjudged,
    TooSoonAfterWrong,
)
from accounts.staff.tests.steps import NOW, agree, may, second_person
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import ReasonMissing
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.tests.racing import at_once, refused
from wekeza.kit.states import IllegalMove

pytestmark = pytest.mark.django_db


class TestLeaving:
    def test_a_role_ends_at_once(self, admin):
        member = StaffMemberFactory(role_id="AUDITOR")
        [grant] = queries.roles_of(member, at=NOW)

        staff.end_role(grant, reason="Moved", actor=staff_actor(admin), at=NOW)
        staff.end_role(grant, reason="Moved", actor=staff_actor(admin), at=NOW)

        assert not may(member, "audit.look")
        assert AuditEntry.objects.filter(deed="staff.role_ended").count() == 1
        with pytest.raises(ReasonMissing):
            staff.end_role(grant, reason="", actor=staff_actor(admin), at=NOW)

    def test_somebody_sent_home_may_nothing_and_comes_back_by_two(self, admin):
        member = StaffMemberFactory(role_id="AUDITOR")

        staff.suspend(member, reason="Phone lost", actor=staff_actor(admin), at=NOW)
        assert not may(member, "audit.look")
        assert not StaffMember.objects.get(pk=member.pk).user.is_active

        asked = staff.ask_return(member, reason="Found", actor=staff_actor(admin), at=NOW)
        agree(asked)
        assert may(member, "audit.look")

    def test_who_has_left_comes_back_by_two_with_a_role_of_today(self, admin):
        member = StaffMemberFactory(role_id="AUDITOR")
        staff.dismiss(member, reason="Resigned", actor=staff_actor(admin), at=NOW)

        asked = staff.ask_admission(
            member, role=Role.objects.get(pk="RISK"), branch=None, reason="Hired again",
            actor=staff_actor(admin), at=NOW,
        )  # fmt: skip
        assert not may(member, "kyc.look") and not may(member, "audit.look")
        approvals.approve(asked, digest=asked.digest, actor=second_person(), at=NOW)

        member.refresh_from_db()
        assert member.is_at_work and member.user.is_active
        assert [str(grant.role_id) for grant in queries.roles_of(member, at=NOW)] == ["RISK"]

    def test_who_has_left_does_not_come_back(self, admin):
        member = StaffMemberFactory(role_id="AUDITOR")

        staff.dismiss(member, reason="Resigned", actor=staff_actor(admin), at=NOW)

        assert not may(member, "audit.look") and not member.grants.filter(ended_at=None).exists()
        with pytest.raises(IllegalMove):
            staff.suspend(member, reason="x", actor=staff_actor(admin), at=NOW)
        with pytest.raises(ReasonMissing):
            staff.dismiss(member, reason=" ", actor=staff_actor(admin), at=NOW)


class TestAnEmergency:
    def take(self, member, role="OPERATIONS", reason="The lists must be loaded tonight", *, at=NOW):
        return roles.break_glass(
            member, role=Role.objects.get(pk=role), reason=reason, actor=staff_actor(member), at=at
        )

    def judge(self, taken, by, *, is_right, at):
        roles.judge(taken, is_right=is_right, note="Looked", actor=staff_actor(by), at=at)

    def test_gives_a_role_for_an_hour_and_alarms(self):
        member = StaffMemberFactory(role_id="RISK")

        taken = self.take(member)

        assert may(member, "kyc.review") and may(member, "kyc.review", branch="003")
        assert not may(member, "kyc.review", at=NOW + timedelta(minutes=60))
        [alarm] = OutboxMessage.objects.filter(event="staff.glass_broken")
        assert alarm.payload == {"emergency_id": taken.pk}
        assert taken in queries.unjudged()

    def test_is_judged_by_somebody_else_and_ends_then(self, admin):
        member = StaffMemberFactory(role_id="RISK")
        taken = self.take(member)

        with pytest.raises(NotYourself):
            roles.judge(taken, is_right=True, note="ok", actor=staff_actor(member), at=NOW)
        with pytest.raises(ReasonMissing):
            roles.judge(taken, is_right=True, note="", actor=staff_actor(admin), at=NOW)
        later = NOW + timedelta(minutes=10)
        roles.judge(taken, is_right=False, note="Not one", actor=staff_actor(admin), at=later)

        assert not may(member, "kyc.review", at=later)
        with pytest.raises(AlreadyJudged):
            roles.judge(taken, is_right=True, note="Was", actor=staff_actor(admin), at=later)

    def test_is_judged_by_staff_alone(self):
        taken = self.take(StaffMemberFactory(role_id="RISK"))

        with pytest.raises(NotForYou):
            roles.judge(taken, is_right=True, note="Fine", actor=CustomerFactory().actor, at=NOW)
        taken.refresh_from_db()
        assert taken.verdict == ""

    def test_is_only_for_some_roles(self):
        with pytest.raises(NotAnEmergencyRole):
            self.take(StaffMemberFactory(role_id="RISK"), role="ADMINISTRATOR")

    def test_takes_a_reason(self):
        with pytest.raises(ReasonMissing):
            self.take(StaffMemberFactory(role_id="RISK"), reason="")

    def test_waits_for_the_verdict_on_the_last_one(self, admin):
        member = StaffMemberFactory(role_id="RISK")
        taken = self.take(member)
        later = NOW + timedelta(hours=3)

        with pytest.raises(StillUnjudged, match="21 Nov 2026, 12:00 EAT"):
            self.take(member, "COMPLIANCE", at=later)
        self.judge(taken, admin, is_right=True, at=later)
        self.take(member, at=later)

        assert member.emergencies.count() == 2

    def test_waits_for_a_day_after_a_wrong_one(self, admin):
        member = StaffMemberFactory(role_id="RISK")
        self.judge(self.take(member), admin, is_right=False, at=NOW + timedelta(minutes=5))

        for hours in (0.2, 24):
            with pytest.raises(TooSoonAfterWrong, match="22 Nov 2026, 12:05 EAT"):
                self.take(member, at=NOW + timedelta(hours=hours))
        self.take(member, at=NOW + timedelta(hours=24, minutes=5))

        assert member.emergencies.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_of_two_taken_at_once_one_is(self):
        member = StaffMemberFactory(role_id="RISK")

        results = at_once(2, lambda _n: self.take(member))

        assert [type(refusal) for refusal in refused(results)] == [StillUnjudged]
        assert member.emergencies.count() == 1

    def test_is_judged_by_those_who_decide_about_staff_everywhere(self):
        taken = self.take(StaffMemberFactory(role_id="RISK"))
        local = StaffMemberFactory(role_id="ADMINISTRATOR", in_every_branch=False)

        for other in (local, StaffMemberFactory(role_id="AUDITOR")):
            with pytest.raises(NotForYou):
                self.judge(taken, other, is_right=True, at=NOW)
