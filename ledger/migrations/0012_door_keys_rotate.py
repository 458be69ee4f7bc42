"""Door keys stay as they are written; only their sealed answers are sealed anew with a newer key."""

from django.conf import settings
from django.db import migrations


def change(words):
    def run(apps, schema_editor):
        role = schema_editor.quote_name(settings.APP_ROLE)
        schema_editor.execute(words.format(role=role))

    return run


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_door_keys")]
    operations = [
        migrations.RunPython(
            change("GRANT UPDATE (answer) ON ledger_doorkey TO {role}"),
            change("REVOKE UPDATE (answer) ON ledger_doorkey FROM {role}"),
        )
    ]
