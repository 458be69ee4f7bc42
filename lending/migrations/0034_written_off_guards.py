"""A write-off is decided by its committee, in its transaction, and stays; terms take two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0033_written_off_seed")]
    operations = [
        rights.take(
            dict.fromkeys(["lending_writeoff", "lending_writeoffterm"], rights.ADD_ONLY)
        ),
        rights.takes_two("lending_writeoff", "lending.write_off"),
        rights.takes_two("lending_writeoffterm", "terms.change"),
    ]
