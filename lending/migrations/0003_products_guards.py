"""Terms of loans take two persons; products come with the code that knows their lines."""

from django.db import migrations

from wekeza.kit import rights

TERMS = ["lending_loanterm", "lending_gradeprice", "lending_sectorterm", "lending_lendinglimit"]


class Migration(migrations.Migration):
    dependencies = [("lending", "0002_products_seed")]
    operations = [
        rights.take({"lending_loanproduct": rights.READ_ONLY} | dict.fromkeys(TERMS, rights.ADD_ONLY)),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
