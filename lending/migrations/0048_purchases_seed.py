"""How much of a value is lent, and what loans for assets and homes ask for."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "purchases" / "data"
FOUNDING = {"approved_by": "Founding of the bank"}
FILES = {"LoanRequirement": "requirements.csv", "ProductCap": "caps.csv"}
AGE = {"kind": "AGE_AT_END", "number": 65, "effective_from": date(2025, 1, 1)}


def add(apps, schema_editor):
    """Beside the rows that founded these tables."""
    for name, file in FILES.items():
        model = apps.get_model("lending", name)
        model.objects.bulk_create(model(**row, **FOUNDING) for row in _rows(file))
    source = "Credit policy: a mortgage ends at 65"
    apps.get_model("lending", "CreditTerm").objects.create(**AGE, source=source, **FOUNDING)


def drop(apps, schema_editor):
    for name, file in FILES.items():
        products = {row["product_id"] for row in _rows(file)}
        apps.get_model("lending", name).objects.filter(product__in=products).delete()
    apps.get_model("lending", "CreditTerm").objects.filter(kind=AGE["kind"]).delete()


def _rows(file: str) -> list[dict]:
    with (DATA / file).open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


class Migration(migrations.Migration):
    dependencies = [("lending", "0047_purchases")]
    operations = [
        seeds.terms("lending", {"PurchaseTerm": DATA / "terms.csv"}),
        migrations.RunPython(add, drop),
    ]
