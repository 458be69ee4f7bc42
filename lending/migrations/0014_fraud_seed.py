"""The founding rules of fraud with their numbers, and who looks into it."""

import csv
import json
from datetime import date
from pathlib import Path

from django.db import migrations

HOUSE = Path(__file__).parents[2]
DATA = HOUSE / "lending" / "fraud" / "data"
STAFF = HOUSE / "accounts" / "staff" / "data"
FILES = {"FraudRule": "rules.csv", "FraudTerm": "terms.csv"}
OURS = {"fraud.look", "fraud.decide"}
START = date(2025, 1, 1)


def seed(apps, schema_editor):
    for name, file in FILES.items():
        model = apps.get_model("lending", name)
        with (DATA / file).open(newline="", encoding="utf-8") as text:
            rows = list(csv.DictReader(text))
        model.objects.bulk_create(model(**row, approved_by="Founding of the bank") for row in rows)
    _permit(apps)


def _permit(apps):
    """A bank that is founded now has it from the same files already."""
    held, granted = (apps.get_model("accounts", name) for name in ("Permission", "RolePermission"))
    for row in json.loads((STAFF / "permissions.json").read_text()):
        if row["code"] in OURS:
            held.objects.get_or_create(code=row["code"], defaults=row)
    for role in json.loads((STAFF / "roles.json").read_text()):
        for code in OURS & set(role["permissions"]):
            granted.objects.get_or_create(
                role_id=role["code"], permission_id=code, defaults={"effective_from": START}
            )


def unseed(apps, schema_editor):
    for name in FILES:
        apps.get_model("lending", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lending", "0013_fraud")]
    operations = [migrations.RunPython(seed, unseed)]
