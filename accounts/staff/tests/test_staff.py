"""Who works here and what they may do: given by two, taken away by one, never by oneself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.factories import (
    CustomerFactory,
    StaffMemberFactory,
    UserFactory,
    staff_actor,
)
from accounts.staff import operations as staff
from accounts.staff import queries, roles
from accounts.staff.models import Branch, Permission, Role, RolePermission, StaffMember
from accounts.staff.refusals import (
    BadSpan,
    NothingChanges,
    NotYourself,
    StaffIdTaken,
    UnknownRole,
)
from accounts.staff.tests.steps import NOW, agree, may, second_person
from ledger.approvals import operations as approvals
from wekeza.kit.states import IllegalMove

pytestmark = pytest.mark.django_db


def may_as(role):
    """What a role may do by itself and by those above it."""
    rows = queries.inherited(Role.objects.get(pk=role), on=NOW.date())
    return {row.permission_id for row in rows}


def give(member, role, *, branch="001", start=None, end=None):
    asked = staff.ask_role(
        member,
        role=Role.objects.get(pk=role),
        branch=Branch.objects.filter(pk=branch).first(),
        start=start or NOW.date(),
        end=end,
        reason="Test",
        actor=staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR")),
        at=NOW,
    )
    agree(asked)


def invite(user, admin):
    return staff.invite(
        user, full_name="Otieno Barasa", national_id="61234567",
        branch=Branch.objects.get(pk="003"), role=Role.objects.get(pk="TELLER"),
        reason="New teller", actor=staff_actor(admin), at=NOW,
    )  # fmt: skip


class TestWhatSomebodyMay:
    @pytest.mark.proves("IA10", "IA38", "IA48")
    def test_is_what_their_roles_hold_and_what_stands_above_them(self):
        manager = StaffMemberFactory(role_id="BRANCH_MANAGER")
        support = StaffMemberFactory(role_id="SUPPORT")
        customer = CustomerFactory()

        assert may(manager, "kyc.decide")
        assert may(manager, "document.look"), "from the role TELLER, three steps above"
        assert not may(support, "kyc.decide")
        assert not queries.permits(customer.user, "customer.look", at=NOW)

    def test_ends_at_the_door_of_the_branch(self):
        manager = StaffMemberFactory(role_id="BRANCH_MANAGER", branch_id="002")

        assert may(manager, "kyc.decide", branch="002")
        assert not may(manager, "kyc.decide", branch="001")
        give(manager, "COMPLIANCE", branch="")
        assert may(manager, "kyc.decide", branch="001"), "a role in every branch"

    def test_ends_at_an_amount(self, admin):
        role = Role.objects.get(pk="TELLER")
        manager = StaffMemberFactory(role_id="TELLER")
        asked = roles.ask_permission(
            role, permission=Permission.objects.get(pk="customer.suspend"), is_held=True,
            amount_up_to=Decimal("50000"), start=NOW.date(), reason="Counter limit",
            actor=staff_actor(admin), at=NOW,
        )  # fmt: skip
        assert asked.changes[0]["after"] == "Up to KES 50,000.00"
        agree(asked)

        assert may(manager, "customer.suspend", amount=Decimal("50000"))
        assert not may(manager, "customer.suspend", amount=Decimal("50000.01"))

    def test_begins_and_ends_on_its_days(self):
        member = StaffMemberFactory()
        give(member, "AUDITOR", start=NOW.date() + timedelta(1), end=NOW.date() + timedelta(2))

        assert not may(member, "audit.look")
        assert may(member, "audit.look", at=NOW + timedelta(days=1))
        assert may(member, "audit.look", at=NOW + timedelta(days=2))
        assert not may(member, "audit.look", at=NOW + timedelta(days=3))

    def test_a_later_row_takes_a_permission_away(self, admin):
        support = StaffMemberFactory(role_id="SUPPORT")
        asked = roles.ask_permission(
            Role.objects.get(pk="SUPPORT"), permission=Permission.objects.get(pk="customer.look"),
            is_held=False, amount_up_to=None, start=NOW.date(), reason="Only on a call",
            actor=staff_actor(admin), at=NOW,
        )  # fmt: skip
        agree(asked)

        assert not may(support, "customer.look")
        assert may(support, "customer.search")
        assert queries.matrix(on=NOW.date())["SUPPORT"].keys() == {"customer.search"}
        assert "customer.look" not in may_as("TELLER")
        assert "business.sign" in may_as("DIRECTOR")

    def test_the_same_day_holds_one_row(self, admin):
        role, facts = Role.objects.get(pk="TELLER"), {
            "permission": Permission.objects.get(pk="audit.look"), "is_held": True,
            "amount_up_to": None, "actor": staff_actor(admin), "at": NOW, "reason": "Test",
        }  # fmt: skip
        asked = roles.ask_permission(role, start=NOW.date(), **facts)
        agree(asked)

        with pytest.raises(BadSpan):
            roles.ask_permission(role, start=NOW.date(), **facts | {"is_held": False})
        with pytest.raises(NothingChanges):
            roles.ask_permission(role, start=NOW.date() + timedelta(1), **facts)
        assert RolePermission.objects.filter(role=role, permission="audit.look").count() == 1

    def test_holders_are_found_by_permission(self, admin):
        manager = StaffMemberFactory(role_id="BRANCH_MANAGER")
        gone = StaffMemberFactory(role_id="BRANCH_MANAGER")
        staff.suspend(gone, reason="Leave", actor=staff_actor(admin), at=NOW)

        found = queries.holders_of("document.look", on=NOW.date())

        assert manager in found and gone not in found and admin not in found


class TestComingToWork:
    def test_takes_two_and_until_then_no_door_opens(self, admin):
        user = UserFactory()
        asked = staff.invite(
            user, full_name="Otieno Barasa", national_id="61234567",
            branch=Branch.objects.get(pk="003"), role=Role.objects.get(pk="TELLER"),
            reason="New teller", actor=staff_actor(admin), at=NOW,
        )  # fmt: skip
        member = StaffMember.objects.get(user=user)
        assert not may(member, "customer.look") and not user.is_staff

        agree(asked)

        assert may(member, "customer.look", branch="003")
        user.refresh_from_db()
        assert user.is_staff

    def test_an_id_works_here_once(self, admin):
        StaffMemberFactory(national_id="61111111")

        with pytest.raises(StaffIdTaken):
            staff.invite(
                UserFactory(), full_name="Twin", national_id="61111111",
                branch=Branch.objects.get(pk="001"), role=Role.objects.get(pk="TELLER"),
                reason="x", actor=staff_actor(admin), at=NOW,
            )  # fmt: skip

    def test_can_be_asked_for_again_after_it_was_refused(self, admin):
        user = UserFactory()
        first = invite(user, admin)
        approvals.reject(first, reason="Wrong role", actor=second_person(), at=NOW)
        member = StaffMember.objects.get(user=user)

        asked = staff.ask_admission(
            member, role=Role.objects.get(pk="AUDITOR"), branch=None,
            reason="The right role", actor=staff_actor(admin), at=NOW,
        )  # fmt: skip
        approvals.approve(asked, digest=asked.digest, actor=second_person(), at=NOW)

        user.refresh_from_db()
        assert may(member, "audit.look") and user.is_staff and user.is_active

    def test_is_not_asked_for_as_a_return(self, admin):
        """It would let them in without a role, past the two who choose one."""
        user = UserFactory()
        approvals.reject(invite(user, admin), reason="No", actor=second_person(), at=NOW)
        member = StaffMember.objects.get(user=user)

        with pytest.raises(IllegalMove):
            staff.ask_return(member, reason="x", actor=staff_actor(admin), at=NOW)
        with pytest.raises(IllegalMove):
            staff.ask_admission(
                StaffMemberFactory(), role=Role.objects.get(pk="TELLER"), branch=None,
                reason="Is at work", actor=staff_actor(admin), at=NOW,
            )  # fmt: skip

    def test_a_return_that_waits_lets_nobody_back_who_was_dismissed_since(self, admin):
        member = StaffMemberFactory(role_id="AUDITOR")
        staff.suspend(member, reason="Leave", actor=staff_actor(admin), at=NOW)
        asked = staff.ask_return(member, reason="Back", actor=staff_actor(admin), at=NOW)
        staff.dismiss(member, reason="Left", actor=staff_actor(admin), at=NOW)

        with pytest.raises(IllegalMove):
            approvals.approve(asked, digest=asked.digest, actor=second_person(), at=NOW)

    def test_numbers_are_given_in_order(self):
        first, second = StaffMemberFactory(), StaffMemberFactory()

        assert int(second.staff_no[1:]) == int(first.staff_no[1:]) + 1

    def test_nobody_raises_themselves(self, admin):
        with pytest.raises(NotYourself):
            staff.ask_role(
                admin, role=Role.objects.get(pk="COMPLIANCE"), branch=None, start=NOW.date(),
                end=None, reason="Me", actor=staff_actor(admin), at=NOW,
            )  # fmt: skip
        with pytest.raises(NotYourself):
            staff.ask_return(admin, reason="Me", actor=staff_actor(admin), at=NOW)

    @pytest.mark.parametrize(
        ("start", "end"), [(date(2026, 11, 20), None), (date(2026, 11, 22), date(2026, 11, 21))]
    )
    def test_days_that_are_over_are_refused(self, admin, start, end):
        with pytest.raises(BadSpan):
            staff.ask_role(
                StaffMemberFactory(), role=Role.objects.get(pk="TELLER"), branch=None, start=start,
                end=end, reason="x", actor=staff_actor(admin), at=NOW,
            )  # fmt: skip

    def test_a_role_of_customers_is_refused(self, admin):
        with pytest.raises(UnknownRole):
            staff.ask_role(
                StaffMemberFactory(), role=Role.objects.get(pk="DIRECTOR"), branch=None,
                start=NOW.date(), end=None, reason="x", actor=staff_actor(admin), at=NOW,
            )  # fmt: skip
