"""The first version of each rule, the clocks, and the mark, from accounts/monitoring/data."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "monitoring" / "data"
START = date(2025, 1, 1)


def read(name):
    return json.loads((DATA / name).read_text())


def seed(apps, schema_editor):
    def table(name):
        return apps.get_model("accounts", name).objects

    for row in read("rules.json"):
        table("MonitorRule").create(**row, version=1, effective_from=START)
    for row in read("clocks.json"):
        table("MonitorClock").create(
            **row, effective_from=START, approved_by="Founding of the bank"
        )
    table("MonitorMark").create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_staff_seed")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
