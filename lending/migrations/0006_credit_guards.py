"""The credit policy takes two persons."""

from django.db import migrations

from wekeza.kit import rights

TERMS = ["lending_creditterm", "lending_creditcap"]


class Migration(migrations.Migration):
    dependencies = [("lending", "0005_credit_seed")]
    operations = [
        rights.take(dict.fromkeys(TERMS, rights.ADD_ONLY)),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
