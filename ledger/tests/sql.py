"""Raw SQL against a bank, as any role, that is always rolled back: what attacks are made of."""

import psycopg

NOT_ALLOWED = "42501"


def refusal(url: str, *statements: str | tuple) -> str:
    """
    This will run statements in one transaction as an attacker would, and give the SQLSTATE of the
    first refusal, "" if everything was taken. The last statement is always the check that COMMIT
    would make; nothing is ever committed.
    """
    with psycopg.connect(url) as attacker:
        try:
            for statement in [*statements, "SET CONSTRAINTS ALL IMMEDIATE"]:
                sql, facts = (statement, None) if isinstance(statement, str) else statement
                attacker.execute(sql, facts)
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        finally:
            attacker.rollback()
    return ""


def rows(url: str, sql: str, facts: list | None = None) -> list[tuple]:
    """This will ask the catalogue or the books a question."""
    with psycopg.connect(url) as asker:
        return asker.execute(sql, facts).fetchall()


def as_owner(url: str, sql: str, facts: list) -> None:
    """This will do what only the owner may, and commit it."""
    with psycopg.connect(url) as owner:
        owner.execute(sql, facts)


def open_line(
    url: str, code: str, *, kind: str, side: str, currency: str, is_control: bool
) -> None:
    """This will add a line to the chart as the owner, unless it stands there already."""
    as_owner(
        url,
        "SELECT ledger_open_line(%s, %s, %s, %s, %s, '001', %s, '2025-01-01') "
        "WHERE NOT EXISTS (SELECT FROM ledger_ledgeraccount WHERE code = %s)",
        [code, f"{code} of the tests", kind, side, currency, is_control, code],
    )
