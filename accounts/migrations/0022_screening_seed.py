"""The lists that the bank compares with, and the figures of matching of a new bank."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "screening" / "data"
APPROVED = {"approved_by": "Founding of the bank"}


def rows(name):
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed(apps, schema_editor):
    lists = apps.get_model("accounts", "ScreeningList")
    lists.objects.bulk_create(lists(**row) for row in rows("lists.csv"))
    terms = apps.get_model("accounts", "ScreeningTerms")
    terms.objects.bulk_create(terms(**row, **APPROVED) for row in rows("terms.csv"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0021_screening")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
