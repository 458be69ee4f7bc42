"""
Months and years of the books: written by the ledger's functions alone, each row by an approval that
was decided in the same transaction.
"""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0014_periods")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        rights.take(
            {"ledger_period": rights.READ_ONLY, "ledger_financialyear": rights.READ_ONLY}
        ),
        rights.let_call(
            "ledger_close_period",
            "ledger_reopen_period",
            "ledger_close_year",
            "ledger_income_until",
        ),
        rights.takes_two(
            "ledger_period",
            "periods.close",
            "periods.reopen",
            "periods.close_year",
            event="AFTER INSERT OR UPDATE",
        ),
        rights.takes_two("ledger_financialyear", "periods.close_year"),
    ]
