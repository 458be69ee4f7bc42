"""Interest is written by functions of the database; its terms take two persons."""

from pathlib import Path

from django.db import migrations

from wekeza.kit import rights

SQL = Path(__file__).with_suffix(".sql").read_text()
TERMS = ["accounts_depositterm", "accounts_interestterm", "accounts_taxrate"]
WRITTEN_BY_FUNCTIONS = ["accounts_interestaccrual", "accounts_interestpayment"]
FUNCTIONS = ["savings_accrue", "savings_pay_interest"]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_savings_seed")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        rights.take(dict.fromkeys(TERMS, rights.ADD_ONLY)),
        rights.take(dict.fromkeys(WRITTEN_BY_FUNCTIONS, rights.READ_ONLY)),
        rights.take({"accounts_interestjournal": rights.ADD_ONLY}),
        rights.take_numbers("accounts_interestpayment_id_seq"),
        rights.let_call(*FUNCTIONS),
        *(rights.takes_two(table, "terms.change") for table in TERMS),
    ]
