"""The founding buckets, calendar and numbers of collections, and who works on late loans."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

HOUSE = Path(__file__).parents[2]
DATA = HOUSE / "lending" / "collections" / "data"
STAFF = HOUSE / "accounts" / "staff" / "data"
OURS = {"collections.look", "collections.work"}
START = date(2025, 1, 1)


def permit(apps, schema_editor):
    """A bank that is founded now has it from the same files already."""
    held, granted = (apps.get_model("accounts", name) for name in ("Permission", "RolePermission"))
    for row in json.loads((STAFF / "permissions.json").read_text()):
        if row["code"] in OURS:
            held.objects.get_or_create(code=row["code"], defaults=row)
    for role in json.loads((STAFF / "roles.json").read_text()):
        for code in sorted(OURS & set(role["permissions"])):
            granted.objects.get_or_create(
                role_id=role["code"], permission_id=code, defaults={"effective_from": START}
            )


class Migration(migrations.Migration):
    dependencies = [("lending", "0044_collections")]
    operations = [
        seeds.terms(
            "lending",
            {
                "CollectionBucket": DATA / "buckets.csv",
                "CollectionStep": DATA / "steps.csv",
                "CollectionTerm": DATA / "terms.csv",
            },
        ),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
