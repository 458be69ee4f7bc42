"""The figures of the model of losses."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "provisions" / "data"
FILES = {"ProvisionTerm": "terms.csv", "LossTerm": "losses.csv"}


def seed(apps, schema_editor):
    for name, file in FILES.items():
        term = apps.get_model("lending", name)
        with (DATA / file).open(newline="", encoding="utf-8") as text:
            rows = list(csv.DictReader(text))
        term.objects.bulk_create(term(**row, approved_by="Founding of the bank") for row in rows)


def unseed(apps, schema_editor):
    for name in FILES:
        apps.get_model("lending", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lending", "0021_provisions")]
    operations = [migrations.RunPython(seed, unseed)]
