"""The lines of the chart on which lending has stood from the first day."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parents[1] / "lines" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0073_lines")]
    operations = [seeds.terms("lending", {"LendingLine": DATA / "lines.csv"})]
