"""A change of class stays; a standing is kept up and never taken away; terms take two persons."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0017_arrears_seed")]
    operations = [
        rights.take(
            {
                "lending_arrearsterm": rights.ADD_ONLY,
                "lending_classchange": rights.ADD_ONLY,
                "lending_classterm": rights.ADD_ONLY,
                "lending_loanstanding": rights.KEPT,
            }
        ),
        rights.takes_two("lending_arrearsterm", "terms.change"),
        rights.takes_two("lending_classterm", "terms.change"),
    ]
