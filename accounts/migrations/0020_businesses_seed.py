"""
The tier of businesses with its limits, and their account; made once, whoever seeds them first. And
what is signed stays as it was signed: the application only adds to it.
"""

import csv
from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

LIMITS = Path(__file__).parent.parent / "businesses" / "data" / "tier_limits.csv"
# Beside "businesses.activate", which is of the founding: deed -> its label.
RULES = {
    "businesses.confirm_change": "Stand in for a second director",
    "businesses.send_back": "Ask a business for more",
}
SIGNED = ["accounts_signature", "accounts_resolutionsignature"]


def seed(apps, schema_editor):
    tier, _ = apps.get_model("accounts", "Tier").objects.get_or_create(
        code="BUSINESS", defaults={"label": "Business", "rank": 4}
    )
    limit = apps.get_model("accounts", "TierLimit")
    with LIMITS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            facts = {
                "amount": row["amount"] or None,
                "source": row["source"],
                "approved_by": "Founding of the bank",
            }
            limit.objects.get_or_create(
                tier=tier, kind=row["kind"], currency="KES",
                effective_from=row["effective_from"], defaults=facts,
            )
    apps.get_model("accounts", "Product").objects.get_or_create(
        code="70", defaults={"name": "Business account", "control_line": "2060"}
    )
    for deed, label in RULES.items():
        rule = {"label": label, "to_make": "business.review", "to_check": "business.activate"}
        apps.get_model("ledger", "ApprovalRule").objects.get_or_create(
            deed=deed,
            effective_from="2026-01-01",
            defaults={**rule, "valid_hours": 168, "source": "Founding of the bank"},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_businesses"),
        ("ledger", "0010_terms"),
    ]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        rights.take(dict.fromkeys(SIGNED, rights.ADD_ONLY)),
    ]
