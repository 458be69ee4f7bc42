"""The figures of the model of losses."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "provisions" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0021_provisions")]
    operations = [seeds.terms("lending", {"ProvisionTerm": DATA / "terms.csv", "LossTerm": DATA / "losses.csv"})]
