"""Which papers a business of each legal form brings."""

import csv
from pathlib import Path

from django.db import migrations

PAPERS = Path(__file__).parent.parent / "businesses" / "data" / "papers.csv"


def seed(apps, schema_editor):
    table = apps.get_model("accounts", "PaperRequirement")
    with PAPERS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table.objects.bulk_create(table(**row, approved_by="Founding of the bank") for row in rows)


def unseed(apps, schema_editor):
    apps.get_model("accounts", "PaperRequirement").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0028_business_papers")]
    operations = [migrations.RunPython(seed, unseed)]
