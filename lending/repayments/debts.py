"""What is still owed of a loan, by instalment, from its schedule and what was paid of it."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from ledger.calendar.queries import months_after
from ledger.money import Money
from lending.arrears import queries as arrears
from lending.earnings.models import Earned, LoanEarning
from lending.loans.models import Loan, LoanInstalment
from lending.repayments.models import Allocation, Part
from lending.schedules.instalments import Method

NOTHING = Money.zero("KES")


@dataclass(frozen=True, slots=True)
class Due:
    """What of one instalment is not paid yet; `since` is the day its interest runs from."""

    instalment: LoanInstalment
    since: date
    interest: Money
    principal: Money

    @property
    def total(self) -> Money:
        return self.interest + self.principal

    @property
    def whole_interest(self) -> Money:
        return Money.rounded(self.instalment.asked_interest, "KES")

    @property
    def whole_principal(self) -> Money:
        return Money.rounded(self.instalment.asked_principal, "KES")

    @property
    def asks(self) -> bool:
        """It is for something; when a loan is agreed anew, a part of no days may stand before."""
        return bool(self.whole_principal or self.whole_interest)

    @property
    def date(self) -> date:
        return self.instalment.due


@dataclass(frozen=True, slots=True)
class Debt:
    """
    All that is owed of a loan on a business date. `late_interest` is that on principal which is
    late; `accrued` what has run of an instalment whose period is running. `unearned` is what of the
    interest that is still owed no night has earned yet; `fee_percent` what paying ahead costs.
    `ceiling` is what was owed of the principal when the loan turned bad; none while it performs.
    """

    loan: Loan
    on: date
    penalty: Money
    late_interest: Money = NOTHING
    dues: list[Due] = field(default_factory=list)
    running: Due | None = None
    accrued: Money = NOTHING
    unearned: Money = NOTHING
    fee_percent: Decimal = Decimal(0)
    ceiling: Money | None = None

    @property
    def performs(self) -> bool:
        return self.ceiling is None

    @property
    def principal(self) -> Money:
        return sum((due.principal for due in self.dues), NOTHING)

    @property
    def interest(self) -> Money:
        """What has been asked for, and what has run since."""
        return sum((due.interest for due in self.billed), self.accrued)

    @property
    def billed(self) -> list[Due]:
        """The instalments whose interest counts whole: before the one whose period is running."""
        return self.dues[: self.dues.index(self.running)] if self.running else self.dues

    @property
    def ahead(self) -> Money:
        """The principal of instalments after the one whose period is running."""
        rows = self.dues[self.dues.index(self.running) + 1 :] if self.running else []
        return sum((due.principal for due in rows), NOTHING)

    @property
    def fee(self) -> Money:
        """What paying all of it off today costs."""
        return self.fee_on(self.ahead)

    def fee_on(self, ahead: Money) -> Money:
        """This will work out what paying so much ahead costs."""
        return Money.rounded(ahead.amount * self.fee_percent / 100, ahead.currency)

    @property
    def total(self) -> Money:
        """What pays the loan off today."""
        return self.owed + self.fee

    @property
    def owed(self) -> Money:
        """What is owed today, with what has run and what being late costs."""
        return self.penalty + self.late_interest + self.interest + self.principal

    @property
    def late(self) -> list[Due]:
        """What should have been paid before today, the oldest first."""
        return [due for due in self.dues if due.total and due.date < self.on]

    @property
    def is_late(self) -> bool:
        return bool(self.late)

    @property
    def days_late(self) -> int:
        """Calendar days since the oldest due date that is not paid whole (kenya.md 4.1)."""
        return (self.on - self.late[0].date).days if self.late else 0

    @property
    def asked_by_now(self) -> Money:
        """What is due today and before, with what being late costs: what is collected."""
        dues = (due.total for due in self.dues if due.date <= self.on)
        return sum(dues, self.penalty + self.late_interest)

    @property
    def next_payment(self) -> Money:
        """What is collected next: all that is due by now, or else at the next due date."""
        return self.asked_by_now or self.due_on(self.next_due.date if self.next_due else None)

    def due_on(self, day: date | None) -> Money:
        """This will give what falls due on a day: an instalment may be cut into several parts."""
        return sum((due.total for due in self.dues if due.date == day), NOTHING)

    @property
    def next_due(self) -> Due | None:
        """The first instalment that is not paid whole."""
        return next((due for due in self.dues if due.total), None)


def of(loan: Loan, *, on: date) -> Debt:
    """
    This will work out what is owed of a loan on a business date. Where interest is on what is still
    owed, that of a period which is running counts by its days; one charge counts whole. Of a loan
    that performs no more, interest and penalties are never more than was owed of its principal when
    it turned (section 44A of the Banking Act; kenya.md 4.3).
    """
    paid, earned = _paid(loan), _earned(loan)
    counted = earned(Earned.INTEREST) + _sum(loan.repayments, "unearned")
    debt = Debt(
        loan=loan,
        on=on,
        penalty=_kes(earned(Earned.PENALTY) - paid(Part.PENALTY)),
        late_interest=_kes(earned(Earned.LATE) - paid(Part.LATE)),
        dues=_dues(loan, paid),
        fee_percent=_fee_percent(loan, on=on),
        ceiling=arrears.owed_when_it_turned(loan),
    )
    debt = _run(debt, counted=counted)
    if debt.ceiling is not None:
        debt = _bounded(debt, debt.ceiling - debt.penalty - debt.late_interest)
    asked = debt.interest.amount + paid(Part.INTEREST)
    return replace(debt, unearned=_kes(max(asked - counted, Decimal(0))))


def _dues(loan: Loan, paid) -> list[Due]:
    dues, since = [], loan.start_date
    for row in LoanInstalment.standing.filter(loan=loan).order_by("number"):
        interest = row.asked_interest - paid(Part.INTEREST, row.pk)
        principal = row.asked_principal - paid(Part.PRINCIPAL, row.pk)
        dues.append(Due(row, since, _kes(interest), _kes(principal)))
        since = row.contractual
    return dues


def _run(debt: Debt, *, counted: Decimal) -> Debt:
    """What has run of the running period: by its days, and never less than nights have earned."""
    if debt.loan.term.method != Method.REDUCING:
        return debt
    running = next((due for due in debt.dues if due.instalment.contractual > debt.on), None)
    if running is None:
        return debt
    days = (running.instalment.contractual - running.since).days
    run = running.whole_interest.amount * (debt.on - running.since).days / days
    before = debt.dues[: debt.dues.index(running)]
    billed = sum((due.instalment.asked_interest for due in before), Decimal(0))
    accrued = min(_kes(max(run, counted - billed)), running.interest)
    return replace(debt, running=running, accrued=accrued)


def _bounded(debt: Debt, most: Money) -> Debt:
    """Interest up to `most`, the oldest first, and no fee."""
    left, dues = max(most, NOTHING), []
    for due in debt.billed:
        dues.append(replace(due, interest=min(due.interest, left)))
        left -= dues[-1].interest
    dues += debt.dues[len(dues) :]
    accrued = min(debt.accrued, left)
    return replace(debt, dues=dues, accrued=accrued, fee_percent=Decimal(0))


def _fee_percent(loan: Loan, *, on: date) -> Decimal:
    term = loan.term
    is_early = on < months_after(loan.start_date, term.early_fee_months)
    return term.early_fee_percent if is_early else Decimal(0)


def _paid(loan: Loan):
    rows = Allocation.objects.filter(repayment__loan=loan).values("part", "instalment")
    sums = {
        (row["part"], row["instalment"]): row["total"] for row in rows.annotate(total=Sum("amount"))
    }

    def paid(part: str, instalment: int | None = None) -> Decimal:
        if part == Part.INTEREST and instalment is None:
            return sum((sums[key] for key in sums if key[0] == part), Decimal(0))
        return sums.get((part, instalment), Decimal(0))

    return paid


def _earned(loan: Loan):
    rows = LoanEarning.objects.filter(loan=loan).values("part").annotate(total=Sum("amount"))
    sums = {row["part"]: row["total"] for row in rows}
    return lambda part: sums.get(part, Decimal(0))


def _sum(rows, name: str) -> Decimal:
    return rows.aggregate(total=Sum(name))["total"] or Decimal(0)


def _kes(figure: Decimal) -> Money:
    return Money.rounded(figure, "KES")
