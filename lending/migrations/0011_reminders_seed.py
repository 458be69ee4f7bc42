"""When people are reminded."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import seeds

DATA = Path(__file__).parent.parent / "reminders" / "data"


class Migration(migrations.Migration):
    dependencies = [("lending", "0010_reminders")]
    operations = [seeds.terms("lending", {"ReminderTerm": DATA / "terms.csv"})]
