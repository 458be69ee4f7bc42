"""
Terms take two: the application role may add rows with an approval of two persons, and change none.
Products, tiers, scopes and lists it only reads; whoever builds a desk for them opens the table.
"""

from django.db import migrations

from wekeza.kit import rights

TERMS = [
    "accounts_documentterm",
    "accounts_exciserate",
    "accounts_kycterm",
    "accounts_matchthreshold",
    "accounts_paperrequirement",
    "accounts_partnerquota",
    "accounts_passwordpolicy",
    "accounts_privacyterm",
    "accounts_screeningterms",
    "accounts_tariff",
    "accounts_tierlimit",
    "accounts_tierrequirement",
]
RULES = "ledger_approvalrule"
READ = [
    "accounts_partnerscope",
    "accounts_product",
    "accounts_screeninglist",
    "accounts_tier",
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_monitoring_seed")]
    operations = [
        rights.take(dict.fromkeys(TERMS, rights.ADD_ONLY)),
        rights.take(dict.fromkeys(READ, rights.READ_ONLY)),
        rights.give({RULES: "INSERT"}),
        *(rights.takes_two(table, "terms.change") for table in [*TERMS, RULES]),
    ]
