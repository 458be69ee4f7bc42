"""What a bureau was asked stays as it was written; its terms take two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0005_bureau_seed")]
    operations = [
        rights.take(
            {
                "lending_bureauenquiry": rights.ADD_ONLY,
                "lending_bureauterm": rights.ADD_ONLY,
            }
        ),
        # Sealed anew when the keys turn.
        rights.give({"lending_bureauenquiry": "UPDATE (raw)"}),
        rights.takes_two("lending_bureauterm", "terms.change"),
    ]
