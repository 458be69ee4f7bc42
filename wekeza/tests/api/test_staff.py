"""Staff, roles and permissions by program."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.access.tests.apps import code_at, give_app
from accounts.factories import CustomerFactory, StaffMemberFactory, staff_actor
from accounts.staff.models import RoleGrant
from accounts.staff.states import StaffState
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.calendar import queries as calendar
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
USER, PERMISSIONS = "/api/v1/user/", "/api/v1/permissions/"


def at_work(role):
    """A member of staff with a token of their own, got with the app's code."""
    member = StaffMemberFactory(role_id=role)
    give_app(member.user)
    program = Program()
    told = program.sign_in(member.user.email, otp=code_at(timezone.now())).json()
    return member, program.use(told["access_token"])


@pytest.fixture
def chief():
    return at_work("ADMINISTRATOR")


def held_by_tellers(program):
    told = program.get(f"{PERMISSIONS}roles").json()["roles"]
    return next(role["permissions"] for role in told if role["code"] == "TELLER")


NOBODY = "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"


class TestStaff:
    def test_see_themselves_and_what_they_may_do(self, chief):
        member, program = chief

        assert program.get("/users/me").json()["kind"] == "STAFF"
        told = program.get(f"{USER}me").json()
        assert (told["staff_no"], told["roles"][0]["role"]) == (member.staff_no, "ADMINISTRATOR")
        held = program.get(f"{PERMISSIONS}mine").json()["permissions"]
        assert "staff.administer" in {each["permission"] for each in held}

    @pytest.mark.proves("IA29", "IA44")
    def test_see_each_other_the_roles_and_the_permissions(self, chief):
        member, program = chief

        users = program.get(USER).json()["users"]
        assert str(member.public_id) in {each["id"] for each in users}
        assert program.get(f"{USER}{member.public_id}").json()["staff_no"] == member.staff_no
        refused(program.get(f"{USER}{uuid4()}"), 404, "NO_SUCH_STAFF")
        roles = {each["code"]: each for each in program.get(f"{PERMISSIONS}roles").json()["roles"]}
        assert "staff.administer" in roles["ADMINISTRATOR"]["permissions"]
        codes = {each["code"] for each in program.get(PERMISSIONS).json()["permissions"]}
        assert "staff.look" in codes

    @pytest.mark.parametrize("path", [USER, PERMISSIONS, f"{PERMISSIONS}roles", f"{USER}{NOBODY}"])
    def test_without_the_permission_see_nothing(self, path):
        _member, teller = at_work("TELLER")
        refused(teller.get(path), 403, "NOT_FOR_YOU")

    @pytest.mark.parametrize("path", [USER, f"{USER}me", PERMISSIONS, f"{PERMISSIONS}mine"])
    def test_are_none_of_a_customers_business(self, path):
        refused(Program(user=CustomerFactory().user).get(path), 403, "NOT_FOR_THIS_LOGIN")

    @pytest.mark.proves("IA31")
    def test_ask_to_change_what_a_role_may_do_and_a_second_person_decides(self, chief):
        _member, program = chief
        second, _other = at_work("ADMINISTRATOR")
        path, today = f"{PERMISSIONS}roles/TELLER", calendar.nairobi_date(timezone.now())
        body = {
            "permission": "kyc.review", "is_held": True, "reason": "Counters check papers",
            "effective_from": today.isoformat(),
        }  # fmt: skip
        assert "kyc.review" not in held_by_tellers(program)
        refused(program.post(path, body | {"permission": "money.print"}), 400, "UNKNOWN_PERMISSION")
        refused(program.post(path, body | {"permission": "account.pay"}), 400, "UNKNOWN_PERMISSION")
        refused(program.post(f"{PERMISSIONS}roles/KING", body), 400, "UNKNOWN_ROLE")

        asked = program.post(path, body)

        assert asked.status_code == 202
        assert "kyc.review" not in held_by_tellers(program), "nothing changes by one person"
        approval = Approval.objects.get(public_id=asked.json()["approval_id"])
        approvals.approve(
            approval, digest=approval.digest, actor=staff_actor(second), at=timezone.now()
        )
        assert "kyc.review" in held_by_tellers(program)
        refused(program.post(path, body), 422, "BAD_SPAN")

    def test_widen_nothing_that_they_hold_themselves(self, chief):
        _member, program = chief
        body = {
            "permission": "audit.look", "is_held": True, "effective_from": "2099-01-01",
            "reason": "Why",
        }  # fmt: skip
        answer = program.post(
            f"{PERMISSIONS}roles/ADMINISTRATOR", body | {"permission": "kyc.decide"}
        )
        refused(answer, 403, "NOT_YOURSELF")

    @pytest.mark.proves("IA29")
    def test_ask_for_a_role_that_a_second_person_decides(self, chief):
        _member, program = chief
        other, today = StaffMemberFactory(), calendar.nairobi_date(timezone.now())
        body = {"role": "COMPLIANCE", "effective_from": today.isoformat(), "reason": "Stand-in"}

        answer = program.post(f"{USER}{other.public_id}/roles", body)

        assert (answer.status_code, answer.json()["state"]) == (202, "PENDING")
        assert Approval.objects.filter(public_id=answer.json()["approval_id"]).exists()
        assert not RoleGrant.objects.filter(staff=other, role="COMPLIANCE").exists()

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"role": "KING"}, 400, "UNKNOWN_ROLE"),
            ({"role": "CUSTOMER"}, 400, "UNKNOWN_ROLE"),
            ({"branch": "999"}, 400, "UNKNOWN_BRANCH"),
            ({"effective_from": "2020-01-01"}, 422, "BAD_SPAN"),
            ({"reason": " "}, 422, "VALIDATION_ERROR"),
        ],
    )
    def test_ask_for_no_role_that_cannot_be(self, chief, change, status, code):
        _member, program = chief
        body = {"role": "TELLER", "effective_from": "2099-01-01", "reason": "Why"} | change
        path = f"{USER}{StaffMemberFactory().public_id}/roles"
        refused(program.post(path, body), status, code)

    def test_ask_for_nothing_for_themselves(self, chief):
        member, program = chief
        body = {"role": "TELLER", "effective_from": "2099-01-01", "reason": "Why"}
        refused(program.post(f"{USER}{member.public_id}/roles", body), 403, "NOT_YOURSELF")

    def test_who_are_sent_home_are_out_at_once(self, chief):
        _chief, program = chief
        teller, out = at_work("TELLER")
        path = f"{USER}{teller.public_id}/suspend"

        told = program.post(path, {"reason": "Lost their phone"}).json()

        assert told["state"] == StaffState.SUSPENDED
        refused(out.get("/users/me"), 401, "TOKEN_REVOKED")
        refused(program.post(path, {"reason": "Again"}), 409, "ILLEGAL_MOVE")
        refused(out.post(path, {"reason": "Revenge"}), 401, "TOKEN_REVOKED")
