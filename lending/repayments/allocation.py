"""
What each shilling of a payment pays (kenya.md 4.9): penalties, then overdue interest and overdue
principal, the oldest first, then interest and principal that are not due yet.
"""

from dataclasses import dataclass

from ledger.money import Money
from lending.repayments.debts import Debt, Due
from lending.repayments.models import Part


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a payment: what it pays, of which instalment (none for penalties), and how much."""

    part: str
    due: Due | None
    amount: Money


def split(debt: Debt, payment: Money) -> list[Share]:
    """
    This will divide a payment over what is owed, in the order of the law; nothing is left over.

    :raises ValueError: if it is more than is owed.
    """
    if payment > debt.total:
        raise ValueError(f"{payment} is more than {debt.total}")
    shares, left = [], payment
    for part, due, owed in _order(debt):
        paid = min(owed, left)
        if paid:
            shares.append(Share(part, due, paid))
            left -= paid
    return shares


def of_part(shares: list[Share], part: str) -> Money:
    """This will add up what goes to one part."""
    return sum((share.amount for share in shares if share.part == part), Money.zero("KES"))


def _order(debt: Debt):
    yield Part.PENALTY, None, debt.penalty
    asked = [due for due in debt.dues if due.date <= debt.on]
    later = [due for due in debt.dues if due.date > debt.on]
    for dues in (asked, later):
        for due in dues:
            yield Part.INTEREST, due, due.interest
        for due in dues:
            yield Part.PRINCIPAL, due, due.principal
