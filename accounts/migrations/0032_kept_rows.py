"""
What customers agreed to and what directors decided is kept: the application role ends or decides a
row and changes nothing else of it. A tier is raised by two persons, whoever writes.
"""

from django.db import migrations

from wekeza.kit import rights

MAY_CHANGE = {
    "accounts_consent": "withdrawn_at",
    "accounts_resolution": "replaced_at",
    "accounts_mandateband": "valid_until",
    "accounts_member": "left_at",
    "accounts_change": "state, decided_by_id, bank_approval, decided_at, reason",
    "accounts_review": "state",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0031_grant_amounts")]
    operations = [
        rights.take(dict.fromkeys(MAY_CHANGE, rights.ADD_ONLY)),
        rights.give(
            {table: f"UPDATE ({names}, updated_at)" for table, names in MAY_CHANGE.items()}
        ),
        rights.takes_two("accounts_review", "kyc.raise_tier"),
    ]
