"""The lines of lending take two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0074_lines_seed")]
    operations = [
        rights.take({"lending_lendingline": rights.ADD_ONLY}),
        rights.takes_two("lending_lendingline", "terms.change"),
    ]
