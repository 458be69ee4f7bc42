"""What security counts for takes two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0051_securities_seed")]
    operations = [
        rights.take({"lending_securityterm": rights.ADD_ONLY}),
        rights.takes_two("lending_securityterm", "terms.change"),
    ]
