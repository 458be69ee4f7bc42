"""Who may ask, and who decides, that an account goes on which the books had stopped."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

ACTIONS = Path(__file__).parent.parent / "staff" / "data" / "actions.json"
DEED = "books.lift_freeze"


def seed(apps, schema_editor):
    """A bank that is founded now has it from the same file already."""
    [row] = [row for row in json.loads(ACTIONS.read_text()) if row["deed"] == DEED]
    apps.get_model("ledger", "ApprovalRule").objects.get_or_create(
        deed=row.pop("deed"),
        defaults=row | {"effective_from": date(2025, 1, 1), "source": "Founding of the bank"},
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_savings_closing")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
