"""
What each shilling of a payment pays (kenya.md 4.9): what is due by now, part by part in the order
that `AllocationOrder` gives, the oldest first; then interest and principal that are not due yet,
and at last what is paid ahead, with its fee.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ledger.money import Money
from lending.repayments.debts import NOTHING, Debt, Due
from lending.repayments.models import Part


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a payment: what it pays, of which instalment (none: of the loan), how much."""

    part: str
    due: Due | None
    amount: Money


def split(debt: Debt, payment: Money, *, parts: Iterable[str]) -> list[Share]:
    """
    This will divide a payment over what is owed, what is due in the order of its `parts`; nothing
    is left over.

    :raises ValueError: if it is more than is owed.
    """
    if payment > debt.total:
        raise ValueError(f"{payment} is more than {debt.total}")
    shares, left = [], payment
    for part, due, owed in _order(debt, parts):
        paid = min(owed, left)
        if paid:
            shares.append(Share(part, due, paid))
            left -= paid
    return shares + _ahead(debt, left) if debt.running else shares


def of_part(shares: list[Share], *parts: str) -> Money:
    """This will add up what goes to some parts."""
    return sum((share.amount for share in shares if share.part in parts), NOTHING)


def _order(debt: Debt, parts: Iterable[str]):
    asked = [due for due in debt.billed if due.date <= debt.on]
    later = [due for due in debt.billed if due.date > debt.on]
    for part in parts:
        yield from _owed(debt, asked, part)
    for part in (Part.INTEREST, Part.PRINCIPAL):
        yield from _owed(debt, later, part)
    yield Part.INTEREST, debt.running, debt.accrued


def _owed(debt: Debt, dues: list[Due], part: str):
    """What is owed of one part: of the whole loan, or of some instalments, the oldest first."""
    if part == Part.PENALTY:
        yield part, None, debt.penalty
    elif part == Part.LATE:
        yield part, None, debt.late_interest
    else:
        for due in dues:
            yield part, due, due.interest if part == Part.INTEREST else due.principal


def _ahead(debt: Debt, money: Money) -> list[Share]:
    """What is left pays the principal of the running instalment, then what comes after it."""
    running = min(money, debt.running.principal)
    left = money - running
    worth = left.amount / (1 + debt.fee_percent / Decimal(100))
    ahead = min(Money.rounded(worth, left.currency), debt.ahead)
    shares = [
        Share(Part.PRINCIPAL, debt.running, running + ahead),
        Share(Part.FEE, None, left - ahead),
    ]
    return [share for share in shares if share.amount]
