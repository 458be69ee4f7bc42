"""
What is written about customers stays or only goes on: what was seen, asked, agreed to and decided.
A tier is raised by two persons, whoever writes; a proved phone is of one customer.
"""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()
RIGHTS = {
    "accounts_datarequest": rights.KEPT,
    "accounts_declaredfacts": rights.KEPT,
    "accounts_document": rights.KEPT,
    "accounts_documentview": rights.ADD_ONLY,
    "accounts_expirynotice": rights.KEPT,
    "accounts_fileaccess": rights.ADD_ONLY,
    "accounts_fileview": rights.ADD_ONLY,
    "accounts_identitycheck": rights.KEPT,
    "accounts_profilechange": rights.KEPT,
    "accounts_submission": rights.KEPT,
}
# The application role ends or decides such a row and changes nothing else of it.
MAY_CHANGE = {
    "accounts_consent": "withdrawn_at",
    "accounts_review": "state",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_staff_guards")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        rights.take(RIGHTS | dict.fromkeys(MAY_CHANGE, rights.ADD_ONLY)),
        rights.give(
            {table: f"UPDATE ({names}, updated_at)" for table, names in MAY_CHANGE.items()}
        ),
        rights.takes_two("accounts_review", "kyc.raise_tier"),
        rights.takes_two("accounts_fileaccess", "customers.open_restricted"),
    ]
