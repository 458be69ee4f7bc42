"""The founding products, prices, credit policy and cards of points."""

import csv
import json
from datetime import date
from pathlib import Path

from django.db import migrations

FLOOR = Path(__file__).parent.parent
FOUNDING = {"approved_by": "Founding of the bank"}
TERMS = {
    "LendingLimit": "products/data/limits.csv",
    "LoanTerm": "products/data/terms.csv",
    "GradePrice": "products/data/prices.csv",
    "SectorTerm": "products/data/sectors.csv",
    "CreditTerm": "credit/data/terms.csv",
    "CreditCap": "credit/data/caps.csv",
}


def seed(apps, schema_editor):
    product = apps.get_model("lending", "LoanProduct")
    product.objects.bulk_create(product(**row) for row in _rows("products/data/products.csv"))
    for name, file in TERMS.items():
        model = apps.get_model("lending", name)
        rows = ({key: value or None for key, value in row.items()} for row in _rows(file))
        model.objects.bulk_create(model(**row, **FOUNDING) for row in rows)
    card = apps.get_model("lending", "Scorecard")
    cards = json.loads((FLOOR / "scoring/data/cards.json").read_text(encoding="utf-8"))
    card.objects.bulk_create(
        card(
            card=name,
            version=1,
            characteristics=characteristics,
            effective_from=date(2025, 1, 1),
            source="Credit policy: the founding cards",
            **FOUNDING,
        )
        for name, characteristics in cards.items()
    )


def unseed(apps, schema_editor):
    for name in ["Scorecard", *reversed(TERMS), "LoanProduct"]:
        apps.get_model("lending", name).objects.all().delete()


def _rows(file: str):
    with (FLOOR / file).open(newline="", encoding="utf-8") as text:
        yield from csv.DictReader(text)


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_tables"), ("accounts", "0021_words_of_dated_terms")]
    operations = [migrations.RunPython(seed, unseed)]
