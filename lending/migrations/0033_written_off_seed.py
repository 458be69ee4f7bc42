"""When a loan may be written off, who asks for it, and who decides."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parents[1] / "writeoffs" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0032_written_off")]
    operations = [
        seeds.terms("lending", {"WriteOffTerm": DATA / "terms.csv"}),
        seeds.permits("loan.ask_write_off", "loan.write_off", deeds=["lending.write_off"]),
    ]
