"""What moved into suspense, or out of it, stays said."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0019_suspense")]
    operations = [rights.take({"lending_suspensemove": rights.ADD_ONLY})]
