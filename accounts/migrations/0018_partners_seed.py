"""
The scopes with the sentences that customers read, the quotas of a new bank, and what of it the
application may not rewrite: scopes and quotas are terms, tries and used tokens are history. A
partner becomes active by two persons.
"""

import csv
from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

DATA = Path(__file__).parent.parent / "partners" / "data"
RIGHTS = {
    "accounts_partnerscope": "INSERT, UPDATE, DELETE",
    "accounts_partnerquota": "INSERT, UPDATE, DELETE",
    "accounts_webhookattempt": "UPDATE, DELETE",
    "accounts_spentgrant": "UPDATE",
}


def rows(name):
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed(apps, schema_editor):
    scope = apps.get_model("accounts", "PartnerScope")
    scope.objects.bulk_create(scope(**row) for row in rows("scopes.csv"))
    quota = apps.get_model("accounts", "PartnerQuota")
    quota.objects.bulk_create(
        quota(**row, approved_by="Founding of the bank") for row in rows("quotas.csv")
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_partners"), ("ledger", "0009_approvals_guards")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        rights.take(RIGHTS),
        rights.takes_two(
            "accounts_partner",
            "partners.admit",
            event="AFTER INSERT OR UPDATE OF state",
            when="NEW.state = 'ACTIVE'",
        ),
    ]
