"""What a night needs of a schedule is made anew after the schedule changed; none of it is deleted."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP TRIGGER lending_period_ends_with_changed ON lending_loaninstalment;
DROP TRIGGER lending_period_ends_with_new ON lending_loaninstalment;
DROP FUNCTION lending_period_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0064_loan_periods")]
    operations = [
        rights.take({"lending_loanperiod": rights.KEPT}),
        migrations.RunSQL(SQL, UNDO),
    ]
