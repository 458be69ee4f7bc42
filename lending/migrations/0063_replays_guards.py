"""A replay is decided by a second person, in its transaction, and stays; terms take two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0062_value_dates")]
    operations = [
        rights.take(dict.fromkeys(["lending_replay", "lending_replayterm"], rights.ADD_ONLY)),
        rights.takes_two("lending_replay", "lending.reverse_repayment", "lending.pay_earlier"),
        rights.takes_two("lending_replayterm", "terms.change"),
    ]
