"""A mark of known fraud is taken off by two persons; one whose last day has passed ends by itself."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0054_fraud_of_forms_seed")]
    operations = [
        rights.give({"lending_fraudmark": "UPDATE (approval_id)"}),
        rights.takes_two(
            "lending_fraudmark",
            "fraud.end_mark",
            event="AFTER INSERT OR UPDATE OF ended_at",
            when=(
                "NEW.ended_at IS NOT NULL AND (NEW.until IS NULL "
                "OR NEW.until >= (NEW.ended_at AT TIME ZONE 'Africa/Nairobi')::date)"
            ),
        ),
    ]
