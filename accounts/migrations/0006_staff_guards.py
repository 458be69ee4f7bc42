"""Roles and what they hold are read by the application role; it adds only with an approval."""

from django.conf import settings
from django.db import migrations

ADDED_WITH_APPROVAL = {
    "accounts_rolepermission": ["staff.change_role"],
    "accounts_rolegrant": ["staff.grant_role", "staff.admit"],
}


def guard(apps, schema_editor):
    role = schema_editor.quote_name(settings.APP_ROLE)
    for table in ("accounts_branch", "accounts_permission", "accounts_role"):
        schema_editor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}")
    schema_editor.execute(f"REVOKE UPDATE, DELETE ON accounts_rolepermission FROM {role}")
    schema_editor.execute(f"REVOKE UPDATE, DELETE ON accounts_rolegrant FROM {role}")
    schema_editor.execute(
        f"GRANT UPDATE (ended_at, ended_by, updated_at) ON accounts_rolegrant TO {role}"
    )
    for name in ("accounts_staffmember", "accounts_breakglass"):
        schema_editor.execute(f"REVOKE DELETE ON {name} FROM {role}")
    for name, deeds in ADDED_WITH_APPROVAL.items():
        words = ", ".join(f"'{deed}'" for deed in deeds)
        schema_editor.execute(
            f"CREATE CONSTRAINT TRIGGER {name}_takes_two AFTER INSERT ON {name} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION ledger_takes_two({words})"
        )
        schema_editor.execute(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {name}_takes_two")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_staff_seed")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
