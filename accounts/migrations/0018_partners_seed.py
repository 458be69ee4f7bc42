"""
The scopes with the sentences that customers read, the quotas of a new bank, and what of it the
application may not rewrite: scopes and quotas are terms, tries and used tokens are history. A
partner becomes active by two persons.
"""

import csv
from pathlib import Path

from django.conf import settings
from django.db import migrations

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


def change(words):
    def run(apps, schema_editor):
        quote = schema_editor.quote_name
        for table, rights in RIGHTS.items():
            schema_editor.execute(
                words.format(rights=rights, table=quote(table), role=quote(settings.APP_ROLE))
            )

    return run


def take_two(apps, schema_editor):
    schema_editor.execute(
        "CREATE CONSTRAINT TRIGGER accounts_partner_takes_two "
        "AFTER INSERT OR UPDATE OF state ON accounts_partner DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (NEW.state = 'ACTIVE') EXECUTE FUNCTION ledger_takes_two('partners.admit')"
    )
    schema_editor.execute(
        "ALTER TABLE accounts_partner ENABLE ALWAYS TRIGGER accounts_partner_takes_two"
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_partners"), ("ledger", "0009_approvals_guards")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(
            change("REVOKE {rights} ON {table} FROM {role}"),
            change("GRANT {rights} ON {table} TO {role}"),
        ),
        migrations.RunPython(take_two, migrations.RunPython.noop),
    ]
