"""What an application came with stays; what products ask for, and lend at a level, takes two."""

from django.db import migrations

from wekeza.kit import rights

TERMS = ["lending_productcap", "lending_loanrequirement"]


class Migration(migrations.Migration):
    dependencies = [("lending", "0028_instalments_seed")]
    operations = [
        rights.take(dict.fromkeys([*TERMS, "lending_loanevidence"], rights.ADD_ONLY)),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
