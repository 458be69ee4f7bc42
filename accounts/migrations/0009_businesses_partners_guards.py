"""
What directors signed and decided stays as it is; the application role ends or decides a row and
changes nothing else of it. Tries, used tokens and logged calls are history. A partner becomes
active by two persons.
"""

from django.db import migrations

from wekeza.kit import rights

RIGHTS = {
    "accounts_signature": rights.ADD_ONLY,
    "accounts_resolutionsignature": rights.ADD_ONLY,
    "accounts_webhookattempt": rights.ADD_ONLY,
    # Their days may end (partners, gateway: forget).
    "accounts_spentgrant": "UPDATE",
    "accounts_apicall": "UPDATE",
}
MAY_CHANGE = {
    "accounts_change": "state, decided_by_id, bank_approval, decided_at, reason",
    "accounts_mandateband": "valid_until",
    "accounts_member": "left_at",
    "accounts_resolution": "replaced_at",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_customers_guards")]
    operations = [
        rights.take(RIGHTS | dict.fromkeys(MAY_CHANGE, rights.ADD_ONLY)),
        rights.give(
            {table: f"UPDATE ({names}, updated_at)" for table, names in MAY_CHANGE.items()}
        ),
        rights.takes_two(
            "accounts_partner",
            "partners.admit",
            event="AFTER INSERT OR UPDATE OF state",
            when="NEW.state = 'ACTIVE'",
        ),
    ]
