"""Setting up that a loan is paid by itself, ending that, and paying at the close of its days."""

from datetime import date, datetime

from django.db import transaction

from accounts.deposits import queries as deposits
from accounts.deposits.models import DepositAccount
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import Money
from ledger.refusals import AccountClosed, AccountFrozen, InsufficientFunds
from lending.instructions import days, queries
from lending.instructions.models import InstructionRun, StandingInstruction
from lending.instructions.refusals import NotAnAccountOfTheirs
from lending.instructions.states import LIFECYCLE, InstructionState, Outcome
from lending.loans import queries as loans
from lending.loans.models import Loan
from lending.repayments import operations as repayments
from lending.repayments.refusals import LoanPaid
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed, inside_transaction


@deed
def set_up(
    loan: Loan, *, account: DepositAccount, amount: Money | None, every: str, day: int,
    at: datetime, actor: Actor,
) -> StandingInstruction:  # fmt: skip
    """
    This will have a loan paid by itself from tomorrow on: `amount` in KES, or what is due without
    one, on a day of each week or month (decision 0038). It takes the place of the one there was;
    the same set up twice is one.

    :raises NotYourRole: if it is a business's, for which the actor neither signs nor directs.
    :raises LoanPaid: if nothing is owed any more.
    :raises NotAnAccountOfTheirs: if the account is closed, or of somebody else.
    """
    loans.check_may_repay(actor, loan)
    row = repayments.locked(loan)
    if not row.is_owed:
        raise LoanPaid
    _check_account(row, account)
    facts = {
        "account": account, "amount": amount and amount.amount, "every": every, "day": day,
    }  # fmt: skip
    known = queries.active_of(row)
    if known is not None:
        if all(getattr(known, name) == value for name, value in facts.items()):
            return known
        _end(known, to=InstructionState.CHANGED, at=at, actor=actor)
    tomorrow = calendar.nairobi_date(at) + days.ONE_DAY
    new = StandingInstruction.objects.create(
        loan=row, first_date=tomorrow, set_by=str(actor), set_at=at, **facts
    )
    told = {"amount": amount or "what is due", "every": every, "day": day}
    audit.record(actor=actor, deed="loan.instruction_set", subject=new, **told)
    return new


@deed
def end(loan: Loan, *, at: datetime, actor: Actor) -> None:
    """
    This will end the instruction that pays a loan, from now on; where there is none, it does
    nothing.

    :raises NotYourRole: if it is a business's, for which the actor neither signs nor directs.
    """
    loans.check_may_repay(actor, loan)
    known = queries.active_of(repayments.locked(loan))
    if known is not None:
        _end(known, to=InstructionState.ENDED, at=at, actor=actor)


def run(*, day: date, first: int, last: int, at: datetime) -> int:
    """
    This will pay what the instructions from `first` to `last` are to pay at the close of the
    business date `day`, and end those whose loan is paid. Each is a transaction of its own, once a
    day; it gives how many paid.
    """
    rows = queries.to_run(day=day).filter(pk__gte=first, pk__lte=last).select_related("loan")
    return sum(_run(row, day=day, at=at) for row in rows.order_by("pk"))


@transaction.atomic
def _run(found: StandingInstruction, *, day: date, at: datetime) -> bool:
    loan = repayments.locked(found.loan)
    row = queries.active_of(loan)  # As it is now: whoever changes it holds the loan.
    if row is None or row.pk != found.pk:
        return False
    if not loan.is_owed:
        _end(row, to=InstructionState.DONE, at=at, actor=SYSTEM)
        return False
    if row.runs.filter(business_date=day).exists():
        return False
    kept = _pay(row, loan, day=day, at=at)
    if kept.has_failed:
        _tell(row, kept)
    loan.refresh_from_db()
    if not loan.is_owed:
        _end(row, to=InstructionState.DONE, at=at, actor=SYSTEM)
    return kept.is_paid


def _pay(row: StandingInstruction, loan: Loan, *, day: date, at: datetime) -> InstructionRun:
    """All that is to be paid or nothing, as of any standing order; kept with what came of it."""
    debt = repayments.owed_of(loan, on=day)
    money, repayment, available = queries.wanted(row, debt), None, None
    try:
        if money:
            repayment = repayments.pay_as_ordered(
                debt, account=row.account, money=money, reference=f"standing:{day}", at=at
            )
        outcome = Outcome.PAID if money else Outcome.NOTHING
    except InsufficientFunds:
        outcome, available = Outcome.SHORT, deposits.standing_of(row.account).available.amount
    except (AccountFrozen, AccountClosed):
        outcome = Outcome.STOPPED
    return InstructionRun.objects.create(
        instruction=row, business_date=day, outcome=outcome, amount=money.amount,
        available=available, repayment=repayment,
    )  # fmt: skip


@inside_transaction
def _end(row: StandingInstruction, *, to: str, at: datetime, actor: Actor) -> None:
    LIFECYCLE.move(row, to=to, ended_by=str(actor), ended_at=at, updated_at=at)
    audit.record(actor=actor, deed="loan.instruction_ended", subject=row, why=to)


def _check_account(loan: Loan, account: DepositAccount) -> None:
    held = account.business_id if loan.business_id else account.customer_id
    owed = loan.business_id or loan.customer_id
    if held != owed or account.closed_date is not None:
        raise NotAnAccountOfTheirs


def _tell(row: StandingInstruction, kept: InstructionRun) -> None:
    context = {
        "money": str(kept.money),
        "number": row.loan.number,
        "ending": row.account.ending,
        "is_short": kept.outcome == Outcome.SHORT,
        "available": "" if kept.available is None else str(Money.rounded(kept.available, "KES")),
    }
    notifications.queue(
        user=row.loan.customer.user, channel="SMS", kind="loan_instruction", context=context
    )
