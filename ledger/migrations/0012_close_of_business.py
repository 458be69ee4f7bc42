"""Daily balances, seals, interest and the next date: what closes a business date."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()
BOOKS = ["ledger_dailybalance", "ledger_seal"]
PUBLIC_FACE = [
    "ledger_cut_off",
    "ledger_roll_business_date",
    "ledger_seal_entries",
    "ledger_write_daily_balances",
]
# They read, with the rights of whoever asks; the proofs do.
LOOKING = ["ledger_entry_text", "ledger_seal_hash"]


def grant(apps, schema_editor):
    quote = schema_editor.quote_name
    role = quote(settings.APP_ROLE)
    with schema_editor.connection.cursor() as cursor:
        for table in BOOKS:
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {role}")
            cursor.execute(f"GRANT SELECT ON {quote(table)} TO {role}")
        cursor.execute(f"REVOKE ALL ON SEQUENCE ledger_seal_id_seq FROM {role}")
        cursor.execute(f"REVOKE UPDATE, DELETE ON ledger_proofrun FROM {role}")
        for function in PUBLIC_FACE + LOOKING:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_close_of_business_tables")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
