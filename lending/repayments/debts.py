"""What is still owed of a loan, by instalment, from its schedule and what was paid of it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from ledger.money import Money
from lending.earnings.models import Earned, LoanEarning
from lending.loans.models import Loan, LoanInstalment
from lending.repayments.models import Allocation, Part

NOTHING = Money.zero("KES")


@dataclass(frozen=True, slots=True)
class Due:
    """What of one instalment is not paid yet."""

    instalment: LoanInstalment
    interest: Money
    principal: Money

    @property
    def total(self) -> Money:
        return self.interest + self.principal

    @property
    def whole_interest(self) -> Money:
        return Money.rounded(self.instalment.interest, "KES")

    @property
    def whole_principal(self) -> Money:
        return Money.rounded(self.instalment.principal, "KES")

    @property
    def date(self) -> date:
        return self.instalment.due


@dataclass(frozen=True, slots=True)
class Debt:
    """
    All that is owed of a loan on a business date. `unearned` is what of the interest that is still
    owed no night has earned yet.
    """

    loan: Loan
    on: date
    penalty: Money
    dues: list[Due] = field(default_factory=list)
    unearned: Money = NOTHING

    @property
    def principal(self) -> Money:
        return sum((due.principal for due in self.dues), NOTHING)

    @property
    def interest(self) -> Money:
        return sum((due.interest for due in self.dues), NOTHING)

    @property
    def total(self) -> Money:
        """What pays the loan off today."""
        return self.penalty + self.interest + self.principal

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
        """What is due today and before, with penalties: what is collected."""
        dues = (due.total for due in self.dues if due.date <= self.on)
        return sum(dues, self.penalty)

    @property
    def next_due(self) -> Due | None:
        """The first instalment that is not paid whole."""
        return next((due for due in self.dues if due.total), None)


def of(loan: Loan, *, on: date) -> Debt:
    """This will work out what is owed of a loan on a business date."""
    paid = {
        (row["part"], row["instalment"]): row["total"]
        for row in Allocation.objects.filter(repayment__loan=loan)
        .values("part", "instalment")
        .annotate(total=Sum("amount"))
    }
    earned = LoanEarning.objects.filter(loan=loan).aggregate(
        interest=Sum("amount", filter=Q(part=Earned.INTEREST)),
        penalty=Sum("amount", filter=Q(part=Earned.PENALTY)),
    )
    dues = [
        Due(
            row,
            _left(row.interest, paid.get((Part.INTEREST, row.pk))),
            _left(row.principal, paid.get((Part.PRINCIPAL, row.pk))),
        )
        for row in loan.instalments.filter(version=1).order_by("number")
    ]
    before = loan.repayments.aggregate(total=Sum("unearned"))["total"] or Decimal(0)
    whole = sum((due.instalment.interest for due in dues), Decimal(0))
    return Debt(
        loan=loan,
        on=on,
        penalty=_left(earned["penalty"] or Decimal(0), paid.get((Part.PENALTY, None))),
        dues=dues,
        unearned=Money.rounded(whole - (earned["interest"] or Decimal(0)) - before, "KES"),
    )


def _left(whole: Decimal, paid: Decimal | None) -> Money:
    return Money.rounded(whole - (paid or Decimal(0)), "KES")
