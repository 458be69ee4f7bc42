"""Which stage each kind of mark makes, whether it declines, and who puts it and lifts it."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parents[1] / "watch" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0070_watch")]
    operations = [
        seeds.terms("lending", {"WatchTerm": DATA / "terms.csv"}),
        seeds.permits(
            "loan.ask_mark", "loan.mark", deeds=["lending.mark_borrower", "lending.lift_mark"]
        ),
    ]
