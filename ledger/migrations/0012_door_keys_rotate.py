"""Door keys stay as they are written; only their sealed answers are sealed anew with a newer key."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_door_keys")]
    operations = [rights.give({"ledger_doorkey": "UPDATE (answer)"})]
