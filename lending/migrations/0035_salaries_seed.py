"""What salary advances and personal loans ask for; between 550 and 600 a person looks."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "evidence" / "data"


def add(apps, schema_editor):
    """Beside the rows that founded the table; the band of scores is the founding rows' own."""
    row = apps.get_model("lending", "LoanRequirement")
    row.objects.bulk_create(row(**one, approved_by="Founding of the bank") for one in _rows())
    founding = {"product": "PERS", "approved_by": "Founding of the bank"}
    apps.get_model("lending", "LoanTerm").objects.filter(**founding).update(least_score=550)


def drop(apps, schema_editor):
    products = {one["product_id"] for one in _rows()}
    table = apps.get_model("lending", "LoanRequirement")
    table.objects.filter(product__in=products).delete()


def _rows() -> list[dict]:
    with (DATA / "pay.csv").open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


class Migration(migrations.Migration):
    dependencies = [("lending", "0034_written_off_guards")]
    operations = [migrations.RunPython(add, drop)]
