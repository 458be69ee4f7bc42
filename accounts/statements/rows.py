"""Transactions as lines of a list (wekeza.kit.rows), for every page that shows some."""

from django.urls import reverse

from accounts.statements.queries import Transaction
from wekeza.kit.rows import Row


def row_of(transaction: Transaction) -> Row:
    """This will give the line of a transaction, which leads to its own page."""
    what = transaction.reason or (str(transaction.kind.label) if transaction.other_party else "")
    return Row(
        who=transaction.who,
        what=what,
        at=transaction.at,
        money=transaction.money,
        direction=transaction.direction,
        reference=transaction.reference,
        balance_after=transaction.balance_after,
        url=reverse(
            "accounts:statements:transaction", args=[transaction.account, str(transaction.cursor)]
        ),
        status="REVERSED" if transaction.is_reversed else "",
        icon=transaction.kind.icon,
        day=transaction.business_date,
    )
