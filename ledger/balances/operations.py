"""Writing the balances of a date."""

from datetime import date

from django.db import connection

from ledger.refusals import translated


def write(*, day: date, first: int, last: int) -> int:
    """
    This will write how every balance row stood at the end of the open business date `day` that its
    entries with ids from `first` to `last` moved, and give their number. Again, or in another
    order, it writes the same.
    """
    with translated(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_write_daily_balances(%s, %s, %s)", [day, first, last])
        return cursor.fetchone()[0]
