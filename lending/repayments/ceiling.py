"""The most that may be owed of a loan that performs no more (section 44A of the Banking Act)."""

from dataclasses import dataclass

from ledger.money import Money
from lending.repayments.debts import NOTHING, Debt


@dataclass(frozen=True, slots=True)
class Ceiling:
    """
    In duplum: `principal` was owed when the loan turned; interest and penalties together, unpaid,
    may come to as much again. `room` is what they may still grow by (kenya.md 4.3).
    """

    principal: Money
    room: Money

    @property
    def is_reached(self) -> bool:
        """Nothing more is earned until something of it is paid."""
        return not self.room


def of(debt: Debt) -> Ceiling | None:
    """This will give the ceiling of a loan as its debt stands; None while the loan performs."""
    if debt.ceiling is None:
        return None
    earned = debt.penalty + debt.late_interest + debt.interest - debt.unearned
    return Ceiling(debt.ceiling, max(debt.ceiling - earned, NOTHING))
