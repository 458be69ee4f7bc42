"""The founding cards of points."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

CARDS = Path(__file__).parent.parent / "scoring" / "data" / "cards.json"


def seed(apps, schema_editor):
    apps.get_model("lending", "Scorecard").objects.bulk_create(
        apps.get_model("lending", "Scorecard")(
            card=card,
            version=1,
            characteristics=characteristics,
            effective_from=date(2025, 1, 1),
            source="Credit policy: the founding cards",
            approved_by="Founding of the bank",
        )
        for card, characteristics in json.loads(CARDS.read_text(encoding="utf-8")).items()
    )


def unseed(apps, schema_editor):
    apps.get_model("lending", "Scorecard").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lending", "0007_scoring")]
    operations = [migrations.RunPython(seed, unseed)]
