"""
What migrations found the bank with: dated terms, out of the files of their rooms, and what staff
may do, out of accounts/staff/data.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from django.db import migrations

STAFF = Path(__file__).parents[2] / "accounts" / "staff" / "data"
START = date(2025, 1, 1)


def terms(floor: str, files: Mapping[str, Path]) -> migrations.RunPython:
    """This will fill tables of dated terms of a floor: model -> CSV file, a column for a field."""

    def seed(apps, schema_editor):
        for name, file in files.items():
            model = apps.get_model(floor, name)
            with file.open(newline="", encoding="utf-8") as text:
                rows = list(csv.DictReader(text))
            model.objects.bulk_create(
                model(**row, approved_by="Founding of the bank") for row in rows
            )

    def unseed(apps, schema_editor):
        for name in files:
            apps.get_model(floor, name).objects.all().delete()

    return migrations.RunPython(seed, unseed)


def permits(*codes: str, deeds: Iterable[str] = ()) -> migrations.RunPython:
    """
    This will bring permissions to a bank that was founded before there were any, with the roles
    that hold them and the rules of deeds that take more than one person. A bank that is founded now
    has them from the same files already.
    """

    def seed(apps, schema_editor):
        def table(name, floor="accounts"):
            return apps.get_model(floor, name).objects

        for row in _staff("permissions"):
            if row["code"] in codes:
                table("Permission").get_or_create(code=row["code"], defaults=row)
        for role in _staff("roles"):
            for code in sorted({*codes} & {*role["permissions"]}):
                table("RolePermission").get_or_create(
                    role_id=role["code"], permission_id=code, defaults={"effective_from": START}
                )
        for rule in _staff("actions"):
            if rule["deed"] in deeds:
                table("ApprovalRule", "ledger").get_or_create(
                    deed=rule.pop("deed"),
                    defaults=rule | {"effective_from": START, "source": "Founding of the bank"},
                )

    return migrations.RunPython(seed, migrations.RunPython.noop)


def _staff(name: str) -> list[dict]:
    return json.loads((STAFF / f"{name}.json").read_text(encoding="utf-8"))
