"""The founding terms of savings: what they earn, what must stay in them, the tax on interest."""

import csv
from pathlib import Path

from django.db import migrations

FLOOR = Path(__file__).parent.parent
SEEDS = {
    "InterestTerm": "savings/data/interest_terms.csv",
    "DepositTerm": "savings/data/deposit_terms.csv",
    "TaxRate": "tariffs/data/tax_rates.csv",
}


def seed(apps, schema_editor):
    for name, path in SEEDS.items():
        model = apps.get_model("accounts", name)
        with (FLOOR / path).open(newline="", encoding="utf-8") as file:
            model.objects.bulk_create(
                model(**row, approved_by="Founding of the bank") for row in csv.DictReader(file)
            )


def unseed(apps, schema_editor):
    for name in reversed(SEEDS):
        apps.get_model("accounts", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_savings_tables"),
        ("ledger", "0012_close_of_business"),
    ]
    operations = [migrations.RunPython(seed, unseed)]
