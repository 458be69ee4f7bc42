"""
Roles and what they hold are read by the application role; it adds only with an approval. A login is
a customer's or a colleague's, never both: one human would otherwise decide as two.
"""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

RIGHTS = {
    "accounts_branch": rights.READ_ONLY,
    "accounts_permission": rights.READ_ONLY,
    "accounts_role": rights.READ_ONLY,
    "accounts_rolepermission": rights.ADD_ONLY,
    "accounts_rolegrant": rights.ADD_ONLY,
    "accounts_staffmember": rights.KEPT,
    "accounts_breakglass": rights.KEPT,
}
SQL = Path(__file__).with_suffix(".sql").read_text()
REVERSE = """
DROP TRIGGER accounts_customer_is_no_staff ON accounts_customer;
DROP TRIGGER accounts_staff_is_no_customer ON accounts_staffmember;
DROP FUNCTION accounts_customer_or_staff();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_staff_seed")]
    operations = [
        rights.take(RIGHTS),
        rights.give({"accounts_rolegrant": "UPDATE (ended_at, ended_by, updated_at)"}),
        rights.takes_two("accounts_rolepermission", "staff.change_role"),
        rights.takes_two("accounts_rolegrant", "staff.grant_role", "staff.admit"),
        migrations.RunSQL(SQL, REVERSE),
    ]
