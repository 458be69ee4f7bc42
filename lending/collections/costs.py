"""What another day of being late costs."""

from decimal import Decimal

from ledger.money import Money
from lending.products.models import PenaltyIn
from lending.repayments import ceiling
from lending.repayments.debts import Debt
from lending.schedules.instalments import Method

HUNDRED, DAYS_OF_A_YEAR = Decimal(100), 365


def of_a_day(debt: Debt) -> Money:
    """
    This will give what another day adds to a debt, in KES: the penalty, after the days of grace,
    and the interest that goes on where it is on what is still owed; both on overdue principal
    alone, as long as the loan's terms and section 44A let it grow (kenya.md 4.3, 4.9).
    """
    term = debt.loan.term
    grace, most = term.grace_days, term.penalty_most_days
    late = sum((due.principal.amount for due in debt.late), Decimal(0))
    penalised = sum(
        (
            due.principal.amount
            for due in debt.late
            if grace < (debt.on - due.date).days
            and (most is None or (debt.on - due.date).days <= grace + most)
        ),
        Decimal(0),
    )
    days = DAYS_OF_A_YEAR if term.penalty_in == PenaltyIn.YEAR else 1
    cost = penalised * term.penalty_percent / HUNDRED / days
    if term.method == Method.REDUCING:
        cost += late * debt.loan.percent / HUNDRED / DAYS_OF_A_YEAR
    limit = ceiling.of(debt)
    money = Money.rounded(cost, "KES")
    return money if limit is None else min(money, limit.room)
