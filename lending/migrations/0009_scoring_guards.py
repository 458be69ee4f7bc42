"""A card of points takes two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0008_scoring_seed")]
    operations = [
        rights.take({"lending_scorecard": rights.ADD_ONLY}),
        rights.takes_two("lending_scorecard", "terms.change"),
    ]
