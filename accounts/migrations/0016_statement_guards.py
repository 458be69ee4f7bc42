"""Bounds of statements as files take two persons; what a file vouches for is never taken away."""

from django.db import migrations

from wekeza.kit import rights

TERMS = "accounts_statementterm"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_statement_seed")]
    operations = [
        rights.take({TERMS: rights.ADD_ONLY, "accounts_statementfile": "DELETE"}),
        rights.takes_two(TERMS, "terms.change"),
    ]
