"""Thresholds and terms of a new bank; and the addresses that stood with the customers."""

import csv
from pathlib import Path

from django.db import migrations

FLOOR = Path(__file__).parent.parent
APPROVED = {"approved_by": "Founding of the bank"}
SEEDS = {
    "MatchThreshold": FLOOR / "registry" / "data" / "thresholds.csv",
    "PrivacyTerm": FLOOR / "privacy" / "data" / "terms.csv",
}


def seed(apps, schema_editor):
    for model, path in SEEDS.items():
        table = apps.get_model("accounts", model)
        with path.open(newline="", encoding="utf-8") as file:
            table.objects.bulk_create(table(**row, **APPROVED) for row in csv.DictReader(file))


def carry_addresses(apps, schema_editor):
    customers = apps.get_model("accounts", "Customer").objects.exclude(address="")
    table = apps.get_model("accounts", "Address")
    table.objects.bulk_create(
        [table(customer_id=pk, line=line, is_main=True)
         for pk, line in customers.values_list("pk", "address")],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_registry_contacts_privacy")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(carry_addresses, migrations.RunPython.noop),
    ]
