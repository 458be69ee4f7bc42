"""The founding products: what the mission and the credit policy lend, and at which prices."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "products" / "data"
TERMS = {
    "LendingLimit": "limits.csv",
    "LoanTerm": "terms.csv",
    "GradePrice": "prices.csv",
    "SectorTerm": "sectors.csv",
}


def seed(apps, schema_editor):
    product = apps.get_model("lending", "LoanProduct")
    product.objects.bulk_create(product(**row) for row in _rows("products.csv"))
    for name, file in TERMS.items():
        model = apps.get_model("lending", name)
        model.objects.bulk_create(
            model(**{key: value or None for key, value in row.items()}, approved_by="Founding of the bank")
            for row in _rows(file)
        )


def unseed(apps, schema_editor):
    for name in [*reversed(TERMS), "LoanProduct"]:
        apps.get_model("lending", name).objects.all().delete()


def _rows(file: str):
    with (DATA / file).open(newline="", encoding="utf-8") as text:
        yield from csv.DictReader(text)


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_products"), ("accounts", "0021_words_of_dated_terms")]
    operations = [migrations.RunPython(seed, unseed)]
