"""
An approval keeps what was asked for, and the application role may only decide it. Door keys stay as
they were written; only their sealed answers are sealed anew with a newer key.
"""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()
DECISION = "state, checker, checker_person, decided_at, note"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_scheduled_holidays")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        rights.take(
            {"ledger_approval": rights.ADD_ONLY, "ledger_approvalrule": rights.READ_ONLY}
        ),
        rights.give(
            {"ledger_approval": f"UPDATE ({DECISION})", "ledger_doorkey": "UPDATE (answer)"}
        ),
    ]
