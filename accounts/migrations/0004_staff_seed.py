"""
The bank's branches, permissions, roles, and the rules of deeds that take two persons, from
accounts/staff/data.
"""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "staff" / "data"
START = date(2025, 1, 1)


def read(name):
    return json.loads((DATA / name).read_text())


def seed(apps, schema_editor):
    def table(name, floor="accounts"):
        return apps.get_model(floor, name).objects

    table("Branch").bulk_create(
        apps.get_model("accounts", "Branch")(**row) for row in read("branches.json")
    )
    for row in read("permissions.json"):
        table("Permission").create(**row)
    for row in read("roles.json"):
        codes = row.pop("permissions")
        role = table("Role").create(parent_id=row.pop("parent"), **row)
        for code in codes:
            table("RolePermission").create(
                role=role, permission_id=code, effective_from=START
            )
    for row in read("terms.json"):
        table("StaffTerm").create(
            **row, effective_from=START, approved_by="Founding of the bank"
        )
    for row in read("actions.json"):
        if "checkers" in row:  # Committees came later, and with them their deeds.
            continue
        table("ApprovalRule", "ledger").create(
            **row, effective_from=START, source="Founding of the bank"
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_terms_seed")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
