"""What migrations found the bank with: dated terms, out of the files of their rooms."""

import csv
from collections.abc import Mapping
from pathlib import Path

from django.db import migrations


def terms(floor: str, files: Mapping[str, Path]) -> migrations.RunPython:
    """This will fill tables of dated terms of a floor: model -> CSV file, a column for a field."""

    def seed(apps, schema_editor):
        for name, file in files.items():
            model = apps.get_model(floor, name)
            with file.open(newline="", encoding="utf-8") as text:
                rows = list(csv.DictReader(text))
            model.objects.bulk_create(
                model(**row, approved_by="Founding of the bank") for row in rows
            )

    def unseed(apps, schema_editor):
        for name in files:
            apps.get_model(floor, name).objects.all().delete()

    return migrations.RunPython(seed, unseed)
