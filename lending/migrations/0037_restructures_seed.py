"""How often, how far and for how long a loan may be agreed anew; and who decides it."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "restructures" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0036_restructures"), ("accounts", "0022_what_fraud_looks_at")]
    operations = [
        seeds.terms("lending", {"RestructureTerm": DATA / "terms.csv"}),
        seeds.permits(deeds=["lending.restructure"]),
    ]
