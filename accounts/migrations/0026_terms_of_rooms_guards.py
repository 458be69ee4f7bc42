"""Terms of the rooms that came later take two as well: rows are added with an approval, or never."""

from django.db import migrations

from wekeza.kit import rights

TERMS = [
    "accounts_documentterm",
    "accounts_kycterm",
    "accounts_matchthreshold",
    "accounts_partnerquota",
    "accounts_passwordpolicy",
    "accounts_privacyterm",
    "accounts_screeningterms",
    "accounts_tierrequirement",
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0025_terms_of_rooms"), ("ledger", "0010_terms")]
    operations = [
        rights.give(dict.fromkeys(TERMS, "INSERT")),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
