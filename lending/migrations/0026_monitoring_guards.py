"""What became of a loan stays said; the terms by which that is judged take two persons."""

from django.db import migrations

from wekeza.kit import rights

ADDED = [
    "lending_loanoutcome",
    "lending_loanverdict",
    "lending_monitorterm",
    "lending_outcometerm",
]


class Migration(migrations.Migration):
    dependencies = [("lending", "0025_monitoring_seed")]
    operations = [
        rights.take(dict.fromkeys(ADDED, rights.ADD_ONLY)),
        rights.takes_two("lending_monitorterm", "terms.change"),
        rights.takes_two("lending_outcometerm", "terms.change"),
    ]
