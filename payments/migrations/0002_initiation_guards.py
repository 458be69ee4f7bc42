"""A payment that a partner asked for keeps the transfer that paid it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = "DROP FUNCTION payments_initiation_keeps_its_transfer() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
