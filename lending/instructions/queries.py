"""Looking at standing instructions: whose day it is, what they pay, what came of them."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.deposits import queries as deposits
from accounts.deposits.queries import Holding
from ledger.money import Money
from lending.instructions import days
from lending.instructions.models import InstructionRun, StandingInstruction
from lending.instructions.states import InstructionState
from lending.loans.models import Loan
from lending.loans.states import OWED
from lending.repayments.debts import Debt
from lending.repayments.recoveries import Claim
from wekeza.kit.actor import Actor

SHOWN = 12  # Of its days that are over.
_PARTS = ("loan", "account__ledger_account", "account__product")


def active_of(loan: Loan) -> StandingInstruction | None:
    """This will give the instruction that pays a loan, if there is one."""
    rows = StandingInstruction.objects.filter(loan=loan, state=InstructionState.ACTIVE)
    return rows.select_related(*_PARTS).first()


def to_run(*, day: date) -> QuerySet[StandingInstruction]:
    """
    This will give the instructions about which the close of a date has something to do: those whose
    day it is, and those whose loan is paid.
    """
    is_their_day = days.those_of(day) & Q(first_date__lte=day)
    rows = StandingInstruction.objects.filter(state=InstructionState.ACTIVE)
    return rows.filter(is_their_day | ~Q(loan__state__in=OWED))


def next_day(row: StandingInstruction, *, after: date) -> date:
    """This will give the next day on which an instruction pays."""
    start = max(row.first_date, after + days.ONE_DAY)
    return days.first_from(start, every=row.every, day=row.day)


def wanted(row: StandingInstruction, debt: Debt | Claim) -> Money:
    """
    This will tell what an instruction is to pay on the date of a debt, never more than is owed: its
    amount, or what is due, and falls due before its next day. Of a month that is still running that
    is its principal, with the interest that has run.
    """
    if row.money is not None:
        return min(row.money, debt.total)
    if isinstance(debt, Claim):
        return debt.total
    end = next_day(row, after=debt.on)
    total = debt.penalty + debt.late_interest
    total = sum((due.total for due in debt.billed if due.date < end), total)
    if debt.running and debt.running.date < end:
        total += debt.accrued + debt.running.principal
    return total


def accounts_for(actor: Actor, loan: Loan) -> list[Holding]:
    """This will give the open accounts from which a loan may be paid, the oldest first."""
    if loan.business_id is None:
        return deposits.open_held_by(actor)
    held = deposits.held_by_business(loan.business)
    return [one for one in held if not one.is_closed]


def runs_on(loan: Loan) -> list[InstructionRun]:
    """This will give what came of a loan's instructions on their last days, the newest first."""
    rows = InstructionRun.objects.filter(instruction__loan=loan).order_by("-business_date", "-pk")
    return list(rows.select_related("repayment", "instruction__account")[:SHOWN])


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's instructions, for their own copy."""
    rows = StandingInstruction.objects.filter(loan__customer=customer, loan__business=None)
    return [
        {
            "loan": row.loan.number,
            "account": row.account.number,
            "amount": "" if row.money is None else str(row.money),
            "every": row.every,
            "day": row.day,
            "first_date": row.first_date.isoformat(),
            "state": row.state,
            "set_at": row.set_at.isoformat(),
            "days": [
                {"date": one.business_date.isoformat(), "outcome": one.outcome,
                 "amount": str(one.money)}
                for one in row.runs.order_by("pk")
            ],
        }
        for row in rows.select_related(*_PARTS).prefetch_related("runs").order_by("pk")
    ]  # fmt: skip
