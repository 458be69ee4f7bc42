"""Every payment says as of which day it pays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lending", "0061_replays_seed")]
    operations = [
        migrations.AlterField(
            model_name="repayment",
            name="value_date",
            field=models.DateField(help_text="As of which it pays."),
        ),
    ]
