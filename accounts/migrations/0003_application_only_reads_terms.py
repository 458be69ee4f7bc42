"""
What the bank asks and allows is for the application to read: nothing that runs writes it. Whoever
gives the bank a desk for its terms, with maker and checker, opens the tables that the desk needs.
"""

from django.conf import settings
from django.db import migrations

TERMS = [
    "accounts_exciserate",
    "accounts_product",
    "accounts_tariff",
    "accounts_tier",
    "accounts_tierlimit",
]


def change(words):
    def run(apps, schema_editor):
        quote = schema_editor.quote_name
        role = quote(settings.APP_ROLE)
        for table in TERMS:
            schema_editor.execute(words.format(table=quote(table), role=role))

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_limits_products_tariffs_seed"),
        ("ledger", "0005_application_role"),
    ]
    operations = [
        migrations.RunPython(
            change("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}"),
            change("GRANT INSERT, UPDATE, DELETE ON {table} TO {role}"),
        )
    ]
