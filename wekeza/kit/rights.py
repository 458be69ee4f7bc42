"""
What migrations say about rights, in words of their own: what the application role may do with a
table, and which of its rows take two persons. By default it may do everything with a new table
(ledger/migrations/0005); these take away, give one thing back, and put the second person in.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db.migrations.operations.base import Operation

READ_ONLY = "INSERT, UPDATE, DELETE"  # What is taken from a table that is only read.
ADD_ONLY = "UPDATE, DELETE"
KEPT = "DELETE"


class _Said(Operation):
    """Statements that need no models: RunPython would build all of them, 0.4 seconds each time."""

    reduces_to_sql = False

    def __init__(self, do, undo):
        self.do, self.undo = do, undo

    def state_forwards(self, app_label, state):
        """Rights are no part of the models."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self.do(schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self.undo(schema_editor)


def take(rights: Mapping[str, str]) -> Operation:
    """This will take rights on tables (table -> "UPDATE, DELETE") from the application role."""
    return _Said(_each("REVOKE {rights} ON {table} FROM {role}", rights),
                 _each("GRANT {rights} ON {table} TO {role}", rights))  # fmt: skip


def give(rights: Mapping[str, str]) -> Operation:
    """This will give rights on tables (table -> "UPDATE (state, note)") to the application role."""
    return _Said(_each("GRANT {rights} ON {table} TO {role}", rights),
                 _each("REVOKE {rights} ON {table} FROM {role}", rights))  # fmt: skip


def take_numbers(sequence: str) -> Operation:
    """This will keep the application role from drawing numbers that only functions give."""
    return _Said(_one("REVOKE ALL ON SEQUENCE {name} FROM {role}", sequence),
                 _one("GRANT USAGE, SELECT ON SEQUENCE {name} TO {role}", sequence))  # fmt: skip


def let_call(*functions: str) -> Operation:
    """This will let the application role call functions, which nobody may unless it is said."""
    rights = dict.fromkeys(functions, "EXECUTE")
    return _Said(_each("GRANT {rights} ON FUNCTION {table} TO {role}", rights),
                 _each("REVOKE {rights} ON FUNCTION {table} FROM {role}", rights))  # fmt: skip


def takes_two(
    table: str, *deeds: str, event: str = "AFTER INSERT", when: str = "", name: str = ""
) -> Operation:
    """
    This will let a row of a table stand only if it names an approval of one of these deeds that was
    decided in the same transaction (`ledger_takes_two`). `when` narrows it to some rows; a table
    with several such triggers gives each a `name`. Rows that a migration adds come before this one,
    in a migration of their own: PostgreSQL alters no table whose triggers wait.
    """
    name = name or f"{table}_takes_two"
    words = ", ".join(f"'{deed}'" for deed in deeds)
    narrowed = f"WHEN ({when}) " if when else ""

    def put_in(schema_editor):
        schema_editor.execute(
            f"CREATE CONSTRAINT TRIGGER {name} {event} ON {table} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {narrowed}"
            f"EXECUTE FUNCTION ledger_takes_two({words})"
        )
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")

    def take_out(schema_editor):
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}")

    return _Said(put_in, take_out)


def _each(words: str, rights: Mapping[str, str]):
    def run(schema_editor):
        quote = schema_editor.quote_name
        for table, right in rights.items():
            schema_editor.execute(
                words.format(rights=right, table=quote(table), role=quote(settings.APP_ROLE))
            )

    return run


def _one(words: str, name: str):
    def run(schema_editor):
        quote = schema_editor.quote_name
        schema_editor.execute(words.format(name=quote(name), role=quote(settings.APP_ROLE)))

    return run
