"""Terms of the rooms that came later take two as well: rows are added with an approval, or never."""

from django.conf import settings
from django.db import migrations

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


def guard(apps, schema_editor):
    role = schema_editor.quote_name(settings.APP_ROLE)
    for table in TERMS:
        schema_editor.execute(f"GRANT INSERT ON {table} TO {role}")
        schema_editor.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_takes_two AFTER INSERT ON {table} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION ledger_takes_two('terms.change')"
        )
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_takes_two")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0025_terms_of_rooms"), ("ledger", "0010_terms")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
