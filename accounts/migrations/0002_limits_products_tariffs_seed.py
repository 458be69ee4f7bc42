"""The tiers with their limits, the deposit products, and the tariffs of a new bank."""

import csv
from pathlib import Path

from django.db import migrations

FLOOR = Path(__file__).parent.parent
APPROVED = {"approved_by": "Founding of the bank"}


def rows(room, name):
    with (FLOOR / room / "data" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed(apps, schema_editor):
    def fill(model, room, name, **more):
        table = apps.get_model("accounts", model)
        table.objects.bulk_create(table(**row, **more) for row in rows(room, name))

    fill("Tier", "limits", "tiers.csv")
    limit = apps.get_model("accounts", "TierLimit")
    limit.objects.bulk_create(
        limit(tier_id=row.pop("tier"), amount=row.pop("amount") or None, **row, **APPROVED)
        for row in rows("limits", "tier_limits.csv")
    )
    fill("Product", "products", "products.csv")
    fill("Tariff", "tariffs", "tariffs.csv", **APPROVED)
    fill("ExciseRate", "tariffs", "excise_rates.csv", **APPROVED)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
