"""What a new bank is founded with: permissions, roles, and who decides what (IA42)."""

import json

import pytest

from accounts.staff.models import Permission, Role, RolePermission
from ledger.approvals.models import ApprovalRule
from wekeza import wiring
from wekeza.runtime.env import ROOT

pytestmark = pytest.mark.django_db
DATA = ROOT / "accounts" / "staff" / "data"


def read(name):
    return json.loads((DATA / name).read_text())


class TestTheSeeds:
    @pytest.mark.proves("IA42", "IA37")
    def test_are_the_rows_of_a_new_bank(self):
        assert {row["code"] for row in read("permissions.json")} == set(
            Permission.objects.values_list("code", flat=True)
        )
        for role in read("roles.json"):
            held = RolePermission.objects.filter(role=role["code"], is_held=True)
            assert set(held.values_list("permission_id", flat=True)) == set(role["permissions"])
        actions = {row["deed"]: (row["to_make"], row["to_check"]) for row in read("actions.json")}
        rules = {rule.deed: (rule.to_make, rule.to_check) for rule in ApprovalRule.objects.all()}
        assert actions.items() <= rules.items()

    def test_name_a_rule_for_every_deed_that_takes_two_and_no_other(self):
        rules = set(ApprovalRule.objects.values_list("deed", flat=True))

        assert rules == set(wiring.APPROVABLE)

    def test_let_nobody_ask_and_decide_with_one_role_alone_by_their_job(self):
        """Maker and checker are two persons; that the permissions differ keeps desks apart."""
        for rule in ApprovalRule.objects.all():
            assert rule.to_make != rule.to_check, rule.deed

    def test_know_every_role_of_the_issue(self):
        wanted = {
            "CUSTOMER", "DIRECTOR", "SIGNATORY", "VIEWER", "TELLER", "HEAD_TELLER",
            "BRANCH_MANAGER", "LOAN_OFFICER", "COLLECTIONS", "OPERATIONS", "COMPLIANCE", "RISK",
            "AUDITOR", "SUPPORT", "ADMINISTRATOR",
            "FINANCE",  # With the vouchers (docs/decisions/0021).
        }  # fmt: skip

        assert wanted == set(Role.objects.values_list("code", flat=True))

    def test_name_only_permissions_that_exist(self):
        known = {row["code"] for row in read("permissions.json")}

        for rule in ApprovalRule.objects.all():
            assert {rule.to_make, rule.to_check} <= known, rule.deed
