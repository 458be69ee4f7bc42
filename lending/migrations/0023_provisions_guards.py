"""What was worked out and booked stays; the model's figures take two persons."""

from django.db import migrations

from wekeza.kit import rights

ADDED = [
    "lending_loanprovision",
    "lending_lossterm",
    "lending_originalrate",
    "lending_provisionjournal",
    "lending_provisionrun",
    "lending_provisionterm",
]


class Migration(migrations.Migration):
    dependencies = [("lending", "0022_provisions_seed")]
    operations = [
        rights.take(dict.fromkeys(ADDED, rights.ADD_ONLY)),
        rights.takes_two("lending_lossterm", "terms.change"),
        rights.takes_two("lending_provisionterm", "terms.change"),
    ]
