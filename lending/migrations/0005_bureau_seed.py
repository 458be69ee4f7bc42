"""For how long a bureau's answer is used again."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "bureau" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0004_bureau")]
    operations = [seeds.terms("lending", {"BureauTerm": DATA / "terms.csv"})]
