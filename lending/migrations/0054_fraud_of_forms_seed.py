"""Rules 8, 12, 14 and 15 of fraud, those without data switched off; who takes a mark off."""

import csv
from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "fraud" / "data"
FOUNDING = {"approved_by": "Founding of the bank"}
FILES = {"FraudRule": ("more_rules.csv", "code"), "FraudTerm": ("more_terms.csv", "kind")}


def add(apps, schema_editor):
    """Beside the rows that founded these tables."""
    for name, (file, _key) in FILES.items():
        model = apps.get_model("lending", name)
        model.objects.bulk_create(model(**row, **FOUNDING) for row in _rows(file))


def drop(apps, schema_editor):
    for name, (file, key) in FILES.items():
        keys = [row[key] for row in _rows(file)]
        apps.get_model("lending", name).objects.filter(**{f"{key}__in": keys}).delete()


def _rows(file: str) -> list[dict]:
    with (DATA / file).open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


class Migration(migrations.Migration):
    dependencies = [("lending", "0053_fraud_of_forms"), ("accounts", "0022_what_fraud_looks_at")]
    operations = [
        migrations.RunPython(add, drop),
        seeds.permits("fraud.release", deeds=["fraud.end_mark"]),
    ]
