"""For how long a bureau's answer is used again."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "bureau" / "data" / "terms.csv"


def seed(apps, schema_editor):
    term = apps.get_model("lending", "BureauTerm")
    with FILE.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    term.objects.bulk_create(term(**row, approved_by="Founding of the bank") for row in rows)


def unseed(apps, schema_editor):
    apps.get_model("lending", "BureauTerm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lending", "0004_bureau")]
    operations = [migrations.RunPython(seed, unseed)]
