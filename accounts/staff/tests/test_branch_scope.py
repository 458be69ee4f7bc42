"""A role ends at the door of its branch: for asking, for deciding, and for taking away."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.factories import (
    CHECKER,
    MAKER,
    CustomerFactory,
    StaffMemberFactory,
    UserFactory,
    staff_actor,
)
from accounts.limits.models import TierLimit
from accounts.privacy import restricted
from accounts.staff import operations as staff
from accounts.staff import queries, roles
from accounts.staff.models import Branch, Permission, Role, RoleGrant, StaffMember
from accounts.staff.refusals import BadSpan, NotForYou
from accounts.staff.states import StaffState
from ledger.approvals import operations as approvals
from ledger.approvals import terms
from ledger.approvals.models import Approval
from wekeza.kit.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def local():
    """An administrator of branch 002, and of no other."""
    return StaffMemberFactory(role_id="ADMINISTRATOR", branch_id="002", in_every_branch=False)


@pytest.fixture
def chief():
    return StaffMemberFactory(role_id="ADMINISTRATOR")


def ask(maker, subject, *, role="COMPLIANCE", branch=None, end=None):
    return staff.ask_role(
        subject,
        role=Role.objects.get(pk=role),
        branch=branch and Branch.objects.get(pk=branch),
        start=TODAY,
        end=end,
        reason="Test",
        actor=staff_actor(maker),
        at=NOW,
    )


def invite(maker, *, in_every_branch, branch="002"):
    return staff.invite(
        UserFactory(),
        full_name="Kendi Mwende",
        national_id="61900001",
        branch=Branch.objects.get(pk=branch),
        role=Role.objects.get(pk="ADMINISTRATOR"),
        in_every_branch=in_every_branch,
        reason="Test",
        actor=staff_actor(maker),
        at=NOW,
    )


def change_role(maker):
    return roles.ask_permission(
        Role.objects.get(pk="TELLER"),
        permission=Permission.objects.get(pk="audit.look"),
        is_held=True,
        amount_up_to=None,
        start=TODAY,
        reason="Test",
        actor=staff_actor(maker),
        at=NOW,
    )


def change_limit(maker):
    row = TierLimit(
        tier_id="TIER_1", kind="PER_TRANSFER", amount="25000", currency="KES",
        effective_from=TODAY + timedelta(1),
    )  # fmt: skip
    return terms.ask(row, reason="Test", actor=staff_actor(maker), at=NOW)


def decide(asked, actor, *, at=NOW):
    return approvals.approve(asked, digest=asked.digest, actor=actor, at=at)


class TestAskingBeyondTheBranch:
    def test_takes_a_role_in_every_branch(self, local):
        other = StaffMemberFactory(branch_id="002")

        with pytest.raises(approvals.MayNotAsk):
            ask(local, other)
        with pytest.raises(approvals.MayNotAsk):
            ask(local, other, branch="001")
        with pytest.raises(approvals.MayNotAsk):
            invite(local, in_every_branch=True)
        with pytest.raises(approvals.MayNotAsk):
            change_role(local)
        asks_terms = StaffMemberFactory(role_id="RISK", branch_id="002", in_every_branch=False)
        with pytest.raises(approvals.MayNotAsk):
            change_limit(asks_terms)
        assert not Approval.objects.filter(state="PENDING").exists()

    def test_is_needless_in_ones_own(self, local):
        assert ask(local, StaffMemberFactory(), branch="002").branch == "002"
        assert invite(local, in_every_branch=False).branch == "002"


class TestDecidingBeyondTheBranch:
    def test_takes_a_role_in_every_branch(self, local, chief):
        risk = StaffMemberFactory(role_id="RISK")
        asked = [
            ask(chief, StaffMemberFactory()),
            invite(chief, in_every_branch=True),
            change_role(chief),
            change_limit(risk),
        ]

        for one in asked:
            assert one.branch == ""
            with pytest.raises(approvals.MayNotDecide):
                decide(one, staff_actor(local))
            with pytest.raises(approvals.MayNotDecide):
                approvals.reject(one, reason="No", actor=staff_actor(local), at=NOW)

    def test_is_needless_in_ones_own(self, local, chief):
        subject = StaffMemberFactory()

        decide(ask(chief, subject, role="TELLER", branch="002"), staff_actor(local))

        assert queries.permits(subject.user, "document.look", at=NOW, branch="002")
        assert not queries.permits(subject.user, "document.look", at=NOW, branch="001")
        assert not queries.permits(subject.user, "document.look", at=NOW, branch="")

    def test_of_a_restricted_file_is_for_those_of_its_branch(self):
        customer, asks = CustomerFactory(), StaffMemberFactory()
        asked = restricted.ask_access(
            customer, name="Asha", reason="Her call", at=NOW, actor=staff_actor(asks)
        )
        elsewhere = StaffMemberFactory(role_id="COMPLIANCE", branch_id="002", in_every_branch=False)
        assert asked.branch == customer.branch_id == "001"

        with pytest.raises(approvals.MayNotDecide):
            decide(asked, staff_actor(elsewhere))


class TestTakingAway:
    def test_beyond_the_branch_is_refused(self, local):
        officer = StaffMemberFactory(role_id="COMPLIANCE", branch_id="001")
        [grant] = officer.grants.all()
        who = {"reason": "Out", "actor": staff_actor(local), "at": NOW}

        for take in (staff.suspend, staff.dismiss):
            with pytest.raises(NotForYou):
                take(officer, **who)
        with pytest.raises(NotForYou):
            staff.end_role(grant, **who)

        assert StaffMember.objects.get(pk=officer.pk).state == StaffState.ACTIVE
        assert officer.grants.filter(ended_at=None).exists()

    def test_in_ones_own_branch_takes_one_person(self, local):
        teller = StaffMemberFactory(role_id="TELLER", branch_id="002")

        staff.dismiss(teller, reason="Resigned", actor=staff_actor(local), at=NOW)

        assert StaffMember.objects.get(pk=teller.pk).state == StaffState.TERMINATED

    def test_takes_the_permission(self):
        with pytest.raises(NotForYou):
            staff.suspend(
                StaffMemberFactory(), reason="x", at=NOW,
                actor=staff_actor(StaffMemberFactory(role_id="BRANCH_MANAGER")),
            )  # fmt: skip


class TestTasksOfTheBank:
    """They ask, and a member of staff decides; but for the founders, about whom they found."""

    @pytest.mark.parametrize(
        "actor",
        [SYSTEM, CHECKER, Actor("CONSOLE", "root", person="console:root")],
    )
    def test_decide_nothing(self, chief, actor):
        subject = StaffMemberFactory()

        for asked in (ask(chief, subject), invite(chief, in_every_branch=True)):
            with pytest.raises(approvals.MayNotDecide):
                decide(asked, actor)

        assert not RoleGrant.objects.filter(staff=subject, role="COMPLIANCE").exists()

    def test_let_in_whom_a_founder_brings(self):
        asked = staff.invite(
            UserFactory(), full_name="Kendi Mwende", national_id="61900002",
            branch=Branch.objects.get(pk="001"), role=Role.objects.get(pk="ADMINISTRATOR"),
            in_every_branch=True, reason="Founding", actor=MAKER, at=NOW,
        )  # fmt: skip

        with pytest.raises(approvals.MayNotDecide):
            decide(asked, SYSTEM)
        decide(asked, CHECKER)

        assert StaffMember.objects.get(pk=asked.payload["staff"]).is_at_work


class TestARoleWhoseLastDayPassed:
    def test_is_refused_and_waits_on(self, chief):
        asked = ask(chief, StaffMemberFactory(), end=TODAY)
        second = staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR"))

        with pytest.raises(BadSpan):
            decide(asked, second, at=NOW + timedelta(days=1))

        assert Approval.objects.get(pk=asked.pk).is_waiting
