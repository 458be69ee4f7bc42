"""Kenya's scheduled holidays of 2025 to 2028; later years are written by a task, a year ahead."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "calendar" / "data" / "scheduled_holidays.csv"
ACT = "Public Holidays Act, cap. 110"


def write(apps, schema_editor):
    Holiday = apps.get_model("ledger", "Holiday")
    with FILE.open(newline="", encoding="utf-8") as file:
        Holiday.objects.bulk_create(
            Holiday(country="KE", origin="RULE", source=ACT, **row) for row in csv.DictReader(file)
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_chart_seed")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
