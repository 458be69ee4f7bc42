"""An approval keeps what was asked for, and the application role may only decide it."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()
DECISION = "state, checker, checker_person, decided_at, note"


def take_rights(apps, schema_editor):
    role = schema_editor.quote_name(settings.APP_ROLE)
    for statement in [
        f"REVOKE UPDATE, DELETE ON ledger_approval FROM {role}",
        f"GRANT UPDATE ({DECISION}) ON ledger_approval TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON ledger_approvalrule FROM {role}",
    ]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_approvals")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunPython(take_rights, migrations.RunPython.noop),
    ]
