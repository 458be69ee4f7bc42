"""The founding rules of fraud with their numbers, and who looks into it."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parents[1] / "fraud" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0013_fraud")]
    operations = [
        seeds.terms("lending", {"FraudRule": DATA / "rules.csv", "FraudTerm": DATA / "terms.csv"}),
        seeds.permits("fraud.look", "fraud.decide"),
    ]
