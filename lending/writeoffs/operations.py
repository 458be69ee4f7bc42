"""
Writing a loan off: an officer asks, a committee decides, and it happens once (kenya.md 4.9, 11.2).
What is paid of such a loan later is taken by `lending/repayments/recoveries.py`.
"""

from datetime import datetime

from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Line, credit, debit
from ledger.money import kes
from lending.applications.queries import persons_behind
from lending.lines import queries as lending_lines
from lending.lines.models import Role
from lending.loans import locks
from lending.loans.models import Loan
from lending.loans.states import LIFECYCLE, LoanState
from lending.writeoffs import queries
from lending.writeoffs.models import WriteOff
from lending.writeoffs.queries import Standing
from lending.writeoffs.refusals import NotActive, NotLateEnough, NotProvidedFor, PaidSince
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction

DEED, KIND = "lending.write_off", "LOAN_WRITE_OFF"
PROVISIONS, EXPENSE = "1342", "5120"  # kenya.md 11.2, WRITE_OFF.
CLAIMS, CONTRA = "9010", "9011"  # Memorandum: what is still claimed, beside the balance sheet.


@deed
def ask(loan: Loan, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a committee to write a loan off: `ApprovalRule` says how many decide it, and who.

    :raises NotActive: if it is paid, or written off already.
    :raises NotLateEnough: or NotProvidedFor, by the terms in force (`WriteOffTerm`).
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    row = _locked(loan)
    standing = _checked(row)
    return approvals.propose(
        deed=DEED,
        subject=row,
        payload={"loan": row.pk, "principal": str(standing.principal.amount)},
        changes=[
            Change("Principal", f"{standing.principal} in the books", "Nothing"),
            Change("Interest and penalties", f"{standing.interest + standing.penalty}", "Nothing"),
            Change("Borne by", "", _borne(standing)),
            Change("The customer owes", f"{standing.total}", f"{standing.total}, as before"),
        ],
        impact=(
            f"{standing.days_late} days past due, {standing.provided_percent}% provided for. "
            "Figures of this moment; the books take those of the day on which it is decided"
        ),
        reason=reason,
        actor=actor,
        at=at,
        amount=standing.total.amount,
        branch=row.customer.branch_id,
        about=persons_behind(row.application),
    )


@inside_transaction
def write_off(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> WriteOff:
    """
    This will take a loan off the books: the approved deed `lending.write_off`, whose `payload` is
    {"loan": id, "principal": text in KES}. What is owed goes against suspense, its provision and,
    where that is short, expense; it stays owed, and line 9010 keeps it.

    :raises NotActive: NotLateEnough or NotProvidedFor, as `ask`.
    :raises PaidSince: if something of the principal was paid since it was asked for.
    """
    loan = _locked(Loan(pk=payload["loan"]))
    standing = _checked(loan)
    asked = kes(payload["principal"])
    if standing.principal != asked:
        raise PaidSince(asked=asked, now=standing.principal)

    subject = audit.subject_of(loan)
    told = {"number": loan.number, "money": str(standing.total), "asked_by": approval.maker}
    posted = journal.post(
        owner="bank",
        reference=f"write-off:{loan.number}",
        kind=KIND,
        lines=_lines(loan, standing),
        actor=actor,
        at=at,
        memo=f"Loan {loan.number} written off",
        source=subject,
        branch=loan.account.branch,
        audit=[Audit("loan.written_off", subject, told)],
    )
    LIFECYCLE.move(loan, to=LoanState.WRITTEN_OFF, updated_at=at)
    return WriteOff.objects.create(
        loan=loan,
        principal=standing.principal.amount,
        interest=standing.interest.amount,
        penalty=standing.penalty.amount,
        suspended=standing.suspended.amount,
        provided=standing.provided.amount,
        expensed=standing.expensed.amount,
        provision=standing.provision,
        days_late=standing.days_late,
        approval=approval,
        entry_id=posted.entry_id,
        business_date=posted.business_date,
    )


def _locked(loan: Loan) -> Loan:
    return locks.locked(loan, "customer__user", "account", "ledger_account", "standing")


def _checked(loan: Loan) -> Standing:
    if not loan.is_active:
        raise NotActive(state=loan.get_state_display())
    standing = queries.standing_of(loan, on=calendar.business_date())
    if not standing.is_late_enough:
        raise NotLateEnough(days=standing.days_late, least=standing.more_days_than)
    if not standing.is_provided:
        raise NotProvidedFor(percent=standing.provided_percent, least=standing.least_percent)
    return standing


def _borne(standing: Standing) -> str:
    parts = [
        (standing.suspended, "interest in suspense"),
        (standing.provided, "provisions"),
        (standing.expensed, "expense, with the reserve given back"),
    ]
    return ", ".join(f"{money} {words}" for money, words in parts if money)


def _lines(loan: Loan, standing: Standing) -> list[Line]:
    places = lending_lines.in_force()
    debits = [
        (places[Role.SUSPENSE], standing.suspended),
        (chart.line(PROVISIONS), standing.provided),
        (chart.line(EXPENSE), standing.expensed),
        (chart.line(CLAIMS), standing.total),
    ]
    credits = [
        (loan.ledger_account, standing.principal),
        (places[Role.INTEREST_OWED], standing.interest),
        (places[Role.PENALTIES_OWED], standing.penalty),
        (chart.line(CONTRA), standing.total),
    ]
    return [
        *(debit(account, part) for account, part in debits if part),
        *(credit(account, part) for account, part in credits if part),
    ]
