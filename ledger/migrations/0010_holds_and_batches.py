"""Holds and batches: who may write them."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()
BOOKS = ["ledger_hold", "ledger_batch"]
PUBLIC_FACE = [
    "ledger_hold_place",
    "ledger_hold_release",
    "ledger_holds_expire",
    "ledger_post_batch",
]


def grant(apps, schema_editor):
    quote = schema_editor.quote_name
    role = quote(settings.APP_ROLE)
    with schema_editor.connection.cursor() as cursor:
        for table in BOOKS:
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {role}")
            cursor.execute(f"GRANT SELECT ON {quote(table)} TO {role}")
            cursor.execute(f"REVOKE ALL ON SEQUENCE {quote(f'{table}_id_seq')} FROM {role}")
        for function in PUBLIC_FACE:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_holds_and_batches_tables")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
