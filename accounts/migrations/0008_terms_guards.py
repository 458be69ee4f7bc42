"""Terms take two: the application role may add rows with an approval, and change none."""

from django.db import migrations

from wekeza.kit import rights

TERMS = ["accounts_tierlimit", "accounts_tariff", "accounts_exciserate", "ledger_approvalrule"]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_terms"), ("ledger", "0010_terms")]
    operations = [
        rights.give(dict.fromkeys(TERMS, "INSERT")),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
