"""Terms of loans take two persons; products come with the code that knows their lines."""

from django.db import migrations

from wekeza.kit import rights

TERMS = [
    "lending_creditcap",
    "lending_creditterm",
    "lending_gradeprice",
    "lending_lendinglimit",
    "lending_loanterm",
    "lending_scorecard",
    "lending_sectorterm",
]


class Migration(migrations.Migration):
    dependencies = [("lending", "0002_seed")]
    operations = [
        rights.take({"lending_loanproduct": rights.READ_ONLY}),
        rights.take(dict.fromkeys(TERMS, rights.ADD_ONLY)),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
