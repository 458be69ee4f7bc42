"""The business tier with its limits, what tiers ask for, and the bounds of documents."""

import csv
from pathlib import Path

from django.db import migrations

FLOOR = Path(__file__).parent.parent
APPROVED = {"approved_by": "Founding of the bank"}


def rows(room, name):
    with (FLOOR / room / "data" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed(apps, schema_editor):
    def fill(model, found):
        table = apps.get_model("accounts", model)
        table.objects.bulk_create(table(**row) for row in found)

    fill("Tier", rows("limits", "business_tier.csv"))
    fill("TierLimit", (
        row | {"tier_id": row.pop("tier"), "amount": row.pop("amount") or None} | APPROVED
        for row in rows("limits", "business_and_loan_limits.csv")
    ))  # fmt: skip
    fill("TierRequirement", (
        row | {"tier_id": row.pop("tier"), "is_document": bool(row.pop("is_document"))} | APPROVED
        for row in rows("kyc", "requirements.csv")
    ))  # fmt: skip
    fill("KycTerm", (row | APPROVED for row in rows("kyc", "terms.csv")))
    fill("DocumentTerm", (row | APPROVED for row in rows("documents", "terms.csv")))


def unseed(apps, schema_editor):
    for model in ("DocumentTerm", "KycTerm", "TierRequirement"):
        apps.get_model("accounts", model).objects.all().delete()
    for model, field in (("TierLimit", "tier_id"), ("Tier", "code")):
        apps.get_model("accounts", model).objects.filter(**{field: "BUSINESS"}).delete()
    apps.get_model("accounts", "TierLimit").objects.filter(kind="LOAN_CAP").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_documents_kyc")]
    operations = [migrations.RunPython(seed, unseed)]
