"""Holding loans: one, against whatever else would move it, or all of a range for the night."""

from django.db import connection

from lending.loans.models import Loan
from wekeza.kit.db import inside_transaction

# Ids of loans under one lock of the night, which is a chunk of it and holds them for half a second.
# Whoever holds a loan shares the lock of its range, so that the night need not write to each row.
WIDTH = 50_000
_SPACE = "hashtext('lending.loans')"
_SHARE = f"SELECT pg_advisory_xact_lock_shared({_SPACE}, %s)"
_LOCK_ALL = f"""
SELECT pg_advisory_xact_lock({_SPACE}, part)
  FROM (SELECT min(id) AS first, max(id) AS last FROM lending_loan
         WHERE id BETWEEN %(first)s AND %(last)s) ids
 CROSS JOIN LATERAL generate_series((ids.first / %(width)s)::int, (ids.last / %(width)s)::int) part
"""  # noqa: S608 - parts of ours only.


@inside_transaction
def locked(loan: Loan, *parts: str) -> Loan:
    """This will give a loan as it is now with `parts` of it, held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [loan.pk // WIDTH])
    rows = Loan.objects.select_for_update(of=("self",)).select_related(*parts)
    return rows.get(pk=loan.pk)


@inside_transaction
def lock_all(*, first: int, last: int) -> None:
    """
    This will hold the loans with ids from `first` to `last` until the transaction ends, against
    whoever holds one of them by `locked`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_ALL, {"first": first, "last": last, "width": WIDTH})
