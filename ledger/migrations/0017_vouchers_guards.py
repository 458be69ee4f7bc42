"""A voucher stays as it was asked for, and is posted by its own approval, in its transaction."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0016_vouchers")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        rights.takes_two(
            "ledger_voucher",
            "vouchers.post",
            event="AFTER UPDATE OF entry_id",
            when="NEW.entry_id IS NOT NULL",
        ),
    ]
