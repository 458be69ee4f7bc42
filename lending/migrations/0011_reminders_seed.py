"""When people are reminded."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "reminders" / "data" / "terms.csv"


def seed(apps, schema_editor):
    term = apps.get_model("lending", "ReminderTerm")
    with FILE.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    term.objects.bulk_create(term(**row, approved_by="Founding of the bank") for row in rows)


def unseed(apps, schema_editor):
    apps.get_model("lending", "ReminderTerm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lending", "0010_reminders")]
    operations = [migrations.RunPython(seed, unseed)]
