"""The application role may read the books and call the ledger's functions, and nothing more."""

from django.conf import settings
from django.db import migrations

BOOKS = [
    "ledger_currency",
    "ledger_ledgeraccount",
    "ledger_balance",
    "ledger_counter",
    "ledger_entry",
    "ledger_posting",
    "ledger_businessday",
    "ledger_bankfact",
]
# Written by operations, but what is written stays, or only goes on.
KEPT = {
    "ledger_auditentry": "UPDATE, DELETE",
    "ledger_holiday": "UPDATE, DELETE",
    "ledger_inboxreceipt": "UPDATE, DELETE",
    "ledger_doorkey": "UPDATE, DELETE",
    "ledger_outboxmessage": "DELETE",
}
PUBLIC_FACE = [
    "ledger_post",
    "ledger_reverse",
    "ledger_open_account",
    "ledger_freeze",
    "ledger_set_terms",
    "ledger_close_account",
]


def grant(apps, schema_editor):
    quote = schema_editor.quote_name
    role = quote(settings.APP_ROLE)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        database = quote(cursor.fetchone()[0])
        for statement in [
            f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {database} TO {role}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            # Tables that later migrations make: readable and writable, the books apart.
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public "
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",
        ]:
            cursor.execute(statement)
        for table in BOOKS:
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {role}")
            cursor.execute(f"GRANT SELECT ON {quote(table)} TO {role}")
        for table, rights in KEPT.items():
            cursor.execute(f"REVOKE {rights} ON {quote(table)} FROM {role}")
        cursor.execute(f"REVOKE ALL ON django_migrations FROM {role}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        cursor.execute(
            f"REVOKE ALL ON SEQUENCE ledger_customer_account_id, ledger_gl_account_id, "
            f"ledger_entry_id_seq FROM {role}"
        )
        for function in PUBLIC_FACE:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_account_functions")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
