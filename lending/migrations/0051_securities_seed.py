"""What security counts for, and from how much a score has fallen far."""

import csv
from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "provisions" / "data"
FOUNDING = {"approved_by": "Founding of the bank"}


def add(apps, schema_editor):
    """Beside the rows that founded the table."""
    model = apps.get_model("lending", "ProvisionTerm")
    model.objects.bulk_create(model(**row, **FOUNDING) for row in _rows())


def drop(apps, schema_editor):
    kinds = [row["kind"] for row in _rows()]
    apps.get_model("lending", "ProvisionTerm").objects.filter(kind__in=kinds).delete()


def _rows() -> list[dict]:
    with (DATA / "security_numbers.csv").open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


class Migration(migrations.Migration):
    dependencies = [("lending", "0050_securities")]
    operations = [
        seeds.terms("lending", {"SecurityTerm": DATA / "securities.csv"}),
        migrations.RunPython(add, drop),
    ]
