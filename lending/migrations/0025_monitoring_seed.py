"""When loans count as bad, and the figures by which the score is watched."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "monitoring" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0024_monitoring")]
    operations = [
        seeds.terms(
            "lending", {"OutcomeTerm": DATA / "outcomes.csv", "MonitorTerm": DATA / "terms.csv"}
        )
    ]
