"""A row for each active loan says all that a night needs of it; it is over with the loan."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("lending", "0065_loan_periods_guards")]
    operations = [
        # They are made again by the next night.
        migrations.RunSQL("DELETE FROM lending_loanperiod", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="loanperiod",
            name="account",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgeraccount"),
        ),
        migrations.AddField(
            model_name="loanperiod",
            name="ahead",
            field=models.DecimalField(decimal_places=4, help_text="Interest that was paid before it was earned.", max_digits=20),
        ),
        migrations.AlterField(model_name="loanperiod", name="valid_from", field=models.DateField(null=True)),
        migrations.AlterField(model_name="loanperiod", name="valid_to", field=models.DateField(null=True)),
        migrations.RemoveConstraint(model_name="loanperiod", name="loan_period_is_sound"),
        migrations.AddConstraint(
            model_name="loanperiod",
            constraint=models.CheckConstraint(condition=Q(days__gte=1, interest__gte=0, past__gte=0) & Q(ahead__gte=0, not_due__gte=0), name="loan_period_is_sound"),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="loanstanding",
            index=models.Index(condition=~Q(npl_since=None), fields=["loan"], name="loan_standings_not_performing"),
        ),
        # By date first: a night asks for its own rows, and writes them side by side.
        migrations.RemoveConstraint(model_name="loanearning", name="loan_earns_a_part_once_a_day"),
        migrations.RemoveIndex(model_name="loanearning", name="loan_earnings_of_a_day"),
        migrations.AddConstraint(
            model_name="loanearning",
            constraint=models.UniqueConstraint(condition=Q(replay=None), fields=("business_date", "part", "loan"), name="loan_earns_a_part_once_a_day"),
        ),
    ]
