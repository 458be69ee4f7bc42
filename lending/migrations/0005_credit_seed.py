"""The founding credit policy: by what a limit is worked out."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "credit" / "data"
TERMS = {"CreditTerm": "terms.csv", "CreditCap": "caps.csv"}


def seed(apps, schema_editor):
    for name, file in TERMS.items():
        model = apps.get_model("lending", name)
        with (DATA / file).open(newline="", encoding="utf-8") as text:
            model.objects.bulk_create(
                model(**row, approved_by="Founding of the bank") for row in csv.DictReader(text)
            )


def unseed(apps, schema_editor):
    for name in reversed(TERMS):
        apps.get_model("lending", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lending", "0004_credit")]
    operations = [migrations.RunPython(seed, unseed)]
