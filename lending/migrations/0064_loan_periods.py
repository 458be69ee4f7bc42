"""What the night needs of a schedule in one row a loan, and what was earned so far on each row."""

import django.db.models.deletion
from django.db import migrations, models

SO_FAR = """
UPDATE lending_loanearning e SET so_far = x.so_far
  FROM (SELECT id, sum(amount) OVER (PARTITION BY loan_id, part ORDER BY id) AS so_far
          FROM lending_loanearning) x
 WHERE x.id = e.id"""


class Migration(migrations.Migration):

    dependencies = [("lending", "0063_replays_guards")]

    operations = [
        migrations.CreateModel(
            name="LoanPeriod",
            fields=[
                ("loan", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="period", serialize=False, to="lending.loan")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("since", models.DateField(help_text="The day from which its interest runs.")),
                ("days", models.IntegerField()),
                ("interest", models.DecimalField(decimal_places=4, max_digits=20)),
                ("past", models.DecimalField(decimal_places=4, help_text="The interest of periods that are over.", max_digits=20)),
                ("not_due", models.DecimalField(decimal_places=4, max_digits=20)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("days__gte", 1), ("interest__gte", 0), ("not_due__gte", 0), ("past__gte", 0)), name="loan_period_is_sound")],
            },
        ),
        migrations.AddField(
            model_name="loanearning",
            name="so_far",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=20),
            preserve_default=False,
        ),
        migrations.RunSQL(SO_FAR, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="loanearning",
            name="loan",
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="earnings", to="lending.loan"),
        ),
        migrations.AddIndex(
            model_name="loanearning",
            index=models.Index(fields=["loan", "part", "id"], name="loan_earnings_in_order"),
        ),
    ]
