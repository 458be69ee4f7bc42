"""The papers of businesses are terms: rows are added with an approval of two persons, or never."""

from django.db import migrations

from wekeza.kit import rights

TABLE = "accounts_paperrequirement"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0029_business_papers_seed")]
    operations = [
        rights.take({TABLE: rights.ADD_ONLY}),
        rights.takes_two(TABLE, "terms.change"),
    ]
