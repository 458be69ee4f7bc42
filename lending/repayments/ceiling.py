"""The most that may be owed of a loan that performs no more (section 44A of the Banking Act)."""

from dataclasses import dataclass

from ledger.money import Money
from lending.arrears.models import LoanStanding
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
    row = LoanStanding.objects.filter(pk=debt.loan.pk, npl_since__isnull=False).first()
    if row is None:
        return None
    principal = Money.rounded(row.npl_principal, "KES")
    room = principal - (debt.penalty + debt.interest - debt.unearned)
    return Ceiling(principal, max(room, NOTHING))
