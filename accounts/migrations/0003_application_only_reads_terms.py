"""
What the bank asks and allows is for the application to read: nothing that runs writes it. Whoever
gives the bank a desk for its terms, with maker and checker, opens the tables that the desk needs.
"""

from django.db import migrations

from wekeza.kit import rights

TERMS = [
    "accounts_exciserate",
    "accounts_product",
    "accounts_tariff",
    "accounts_tier",
    "accounts_tierlimit",
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_limits_products_tariffs_seed"),
        ("ledger", "0005_application_role"),
    ]
    operations = [
        rights.take(dict.fromkeys(TERMS, rights.READ_ONLY))
    ]
