"""The currencies, the chart of accounts and the first business date of a new bank."""

import csv
from pathlib import Path

from django.db import migrations

from wekeza.kit.encryption import index_canary

DATA = Path(__file__).parent.parent / "chart" / "data"


def rows(name):
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def seed(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_currency (code, name, exponent, created_at) "
            "VALUES (%(code)s, %(name)s, %(exponent)s, now())",
            rows("currencies.csv"),
        )
        # A demo bank may move this back before its first entry, to build its history forward.
        cursor.execute(
            "INSERT INTO ledger_businessday (business_date, open_from) "
            "SELECT today, date_trunc('month', today)::date "
            "FROM (SELECT (now() AT TIME ZONE 'Africa/Nairobi')::date AS today) AS clock"
        )
        cursor.execute(
            "INSERT INTO ledger_bankfact (id, name, is_demo, index_canary, created_at) "
            "VALUES (1, 'Wekeza Bank', false, %s, now())",
            [index_canary()],
        )
        cursor.executemany(
            "SELECT ledger_open_line(%(code)s, %(name)s, %(kind)s, %(normal_side)s, %(currency)s, "
            "'001', %(is_control)s, %(effective_date)s)",
            rows("chart.csv"),
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_application_role")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
