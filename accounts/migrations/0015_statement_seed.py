"""The founding bounds of statements as files."""

import csv
from pathlib import Path

from django.db import migrations

TERMS = Path(__file__).parent.parent / "statements" / "data" / "terms.csv"


def seed(apps, schema_editor):
    model = apps.get_model("accounts", "StatementTerm")
    with TERMS.open(newline="", encoding="utf-8") as file:
        model.objects.bulk_create(
            model(**row, approved_by="Founding of the bank") for row in csv.DictReader(file)
        )


def unseed(apps, schema_editor):
    apps.get_model("accounts", "StatementTerm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_statement_files")]
    operations = [migrations.RunPython(seed, unseed)]
