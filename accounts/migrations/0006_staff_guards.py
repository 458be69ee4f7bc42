"""Roles and what they hold are read by the application role; it adds only with an approval."""

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


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_staff_seed")]
    operations = [
        rights.take(RIGHTS),
        rights.give({"accounts_rolegrant": "UPDATE (ended_at, ended_by, updated_at)"}),
        rights.takes_two("accounts_rolepermission", "staff.change_role"),
        rights.takes_two("accounts_rolegrant", "staff.grant_role", "staff.admit"),
    ]
