"""How far back payments are put right, who asks and who decides; all so far paid on its own day."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parents[1] / "replays" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0060_replays")]
    operations = [
        seeds.terms("lending", {"ReplayTerm": DATA / "terms.csv"}),
        seeds.permits(
            "loan.ask_replay",
            "loan.replay",
            deeds=["lending.reverse_repayment", "lending.pay_earlier"],
        ),
        migrations.RunSQL(
            "UPDATE lending_repayment SET value_date = business_date", migrations.RunSQL.noop
        ),
    ]
