"""
What a new bank offers, asks and allows: its tiers, limits, products, tariffs, scopes, lists and
terms, from the data folders of the rooms. The founding approved them; later rows take two persons.
"""

import csv
from pathlib import Path

from django.db import migrations

FLOOR = Path(__file__).parent.parent
SEEDS = {
    "Tier": "limits/data/tiers.csv",
    "TierLimit": "limits/data/tier_limits.csv",
    "TierRequirement": "kyc/data/requirements.csv",
    "KycTerm": "kyc/data/terms.csv",
    "DocumentTerm": "documents/data/terms.csv",
    "MatchThreshold": "registry/data/thresholds.csv",
    "PrivacyTerm": "privacy/data/terms.csv",
    "PasswordPolicy": "access/data/password_policy.csv",
    "Product": "products/data/products.csv",
    "Tariff": "tariffs/data/tariffs.csv",
    "ExciseRate": "tariffs/data/excise_rates.csv",
    "PaperRequirement": "businesses/data/papers.csv",
    "PartnerScope": "partners/data/scopes.csv",
    "PartnerQuota": "partners/data/quotas.csv",
    "ScreeningList": "screening/data/lists.csv",
    "ScreeningTerms": "screening/data/terms.csv",
}


def seed(apps, schema_editor):
    for name, path in SEEDS.items():
        model = apps.get_model("accounts", name)
        is_term = any(field.name == "approved_by" for field in model._meta.fields)
        founded = {"approved_by": "Founding of the bank"} if is_term else {}
        with (FLOOR / path).open(newline="", encoding="utf-8") as file:
            model.objects.bulk_create(
                # An empty column keeps the field's own default.
                model(**{key: value for key, value in row.items() if value}, **founded)
                for row in csv.DictReader(file)
            )


def unseed(apps, schema_editor):
    for name in reversed(SEEDS):
        apps.get_model("accounts", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_rooms"), ("ledger", "0008_approvals_guards")]
    operations = [migrations.RunPython(seed, unseed)]
