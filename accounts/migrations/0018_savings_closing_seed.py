"""What closing a savings account costs, and until when, as the bank was founded."""

import csv
from pathlib import Path

from django.db import migrations

TERMS = Path(__file__).parent.parent / "savings" / "data" / "closing_terms.csv"
FOUNDED = "Founding of the bank"


def seed(apps, schema_editor):
    for row in _rows():
        terms = apps.get_model("accounts", "DepositTerm").objects
        terms.filter(product_id=row["product_id"], approved_by=FOUNDED).update(
            early_closure_months=row["early_closure_months"]
        )
        apps.get_model("accounts", "Tariff").objects.create(
            code=row["tariff"],
            amount=row["amount"],
            excise_class=row["excise_class"],
            effective_from=row["effective_from"],
            source=row["source"],
            approved_by=FOUNDED,
        )


def unseed(apps, schema_editor):
    for row in _rows():
        apps.get_model("accounts", "Tariff").objects.filter(code=row["tariff"]).delete()
        apps.get_model("accounts", "DepositTerm").objects.update(early_closure_months=0)


def _rows():
    with TERMS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_savings_closing_tables")]
    operations = [migrations.RunPython(seed, unseed)]
