"""What loans by instalments ask for, and the policy by which their amount is worked out."""

import csv
from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

FLOOR = Path(__file__).parent.parent


def add_policy(apps, schema_editor):
    """The credit policy stands in one table with what founded it."""
    term = apps.get_model("lending", "CreditTerm")
    term.objects.bulk_create(term(**row, approved_by="Founding of the bank") for row in _policy())


def drop_policy(apps, schema_editor):
    kinds = [row["kind"] for row in _policy()]
    apps.get_model("lending", "CreditTerm").objects.filter(kind__in=kinds).delete()


def _policy() -> list[dict]:
    file = FLOOR / "affordability" / "data" / "terms.csv"
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


class Migration(migrations.Migration):
    dependencies = [("lending", "0027_instalments")]
    operations = [
        seeds.terms(
            "lending",
            {
                "ProductCap": FLOOR / "credit" / "data" / "product_caps.csv",
                "LoanRequirement": FLOOR / "evidence" / "data" / "requirements.csv",
            },
        ),
        migrations.RunPython(add_policy, drop_policy),
    ]
