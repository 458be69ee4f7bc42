"""The last interest of a savings account is worked out in the database, as all of it."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_savings_closing_seed")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        rights.let_call("savings_end_interest", "savings_owed"),
    ]
