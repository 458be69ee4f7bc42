"""The classes of the central bank, and when a loan is late."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "arrears" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0016_arrears")]
    operations = [seeds.terms("lending", {"ClassTerm": DATA / "classes.csv", "ArrearsTerm": DATA / "terms.csv"})]
