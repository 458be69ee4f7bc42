"""All that staff see of one loan: how it stands, what it earned, was paid and may lose."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from branch.credit.queries import KnownOf, known_of
from branch.workbench.queries import find, shown
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.calendar.queries import business_date
from ledger.money import Money
from ledger.proofs.models import Seal
from lending.arrears.models import ClassChange, LoanStanding
from lending.earnings.models import Earned
from lending.loans.models import Loan, LoanInstalment
from lending.provisions.models import LoanProvision
from lending.repayments import ceiling, debts
from lending.repayments import operations as repayments
from lending.repayments import queries as payments
from lending.repayments.ceiling import Ceiling
from lending.repayments.debts import Debt
from lending.repayments.models import Repayment
from lending.repayments.recoveries import Claim
from lending.replays import queries as replays
from lending.replays.models import Replay
from lending.replays.operations import DEEDS
from lending.writeoffs import queries as writeoffs
from lending.writeoffs.operations import DEED
from lending.writeoffs.queries import Standing

MOST = 100  # Loans that a search gives.


@dataclass(slots=True)
class Month:
    """What a loan earned in a month, in KES, and how much of it was put into suspense at once."""

    first: date
    interest: Decimal = field(default_factory=Decimal)
    penalty: Decimal = field(default_factory=Decimal)
    suspended: Decimal = field(default_factory=Decimal)


@dataclass(frozen=True, slots=True)
class File:
    """One loan. `debt` is what is owed today; `ceiling` is none while it performs."""

    loan: Loan
    debt: Debt | Claim
    schedule: list[LoanInstalment]
    standing: LoanStanding | None
    ceiling: Ceiling | None
    loss: Standing
    payments: list[Repayment]
    paid: Money
    months: list[Month]
    classes: list[ClassChange]
    provisions: list[LoanProvision]
    asked: list[Approval]
    replays: list[Replay]
    to_replay: list[Approval]
    known: KnownOf
    sealed_to: int

    @property
    def is_sealed(self) -> bool:
        """Its payout is under a seal of the journal."""
        return self.loan.entry_id <= self.sealed_to


def file_of(loan: Loan) -> File:
    """This will gather what there is to see of a loan on the open business date."""
    today = business_date()
    paid = payments.of(loan)
    seal = Seal.objects.order_by("-pk").values_list("top", flat=True).first()
    provided = loan.provisions.select_related("run").order_by("-run__business_date")
    return File(
        loan=loan,
        debt=repayments.owed_of(loan, on=today),
        schedule=list(loan.instalments.order_by("version", "number")),
        standing=LoanStanding.objects.filter(pk=loan.pk).first(),
        ceiling=None if loan.is_off_books else ceiling.of(debts.of(loan, on=today)),
        loss=writeoffs.standing_of(loan, on=today),
        payments=paid,
        paid=payments.sum_of(paid),
        months=_months(loan),
        classes=list(loan.class_changes.order_by("-pk")),
        provisions=list(provided),
        asked=shown(approval_queries.waiting_for(loan, DEED)),
        replays=replays.of(loan),
        to_replay=[
            one for deed in DEEDS for one in shown(approval_queries.waiting_for(loan, deed))
        ],
        known=known_of(loan.application),
        sealed_to=seal or 0,
    )


def found(rows: QuerySet[Loan], typed: str) -> tuple[list[Loan], str]:
    """This will find loans by their number or whatever names their customer, and say by which."""
    number = " ".join(typed.split()).upper()
    if by_number := list(rows.filter(number=number)):
        return by_number, "loan number"
    people = find(typed)
    return list(rows.filter(customer__in=people.customers)[:MOST]), people.kind


def latest(rows: QuerySet[Loan]) -> QuerySet[Loan]:
    """This will give loans with what staff read of each in a list, the newest first."""
    return rows.select_related("customer", "product", "standing").order_by("-pk")


def _months(loan: Loan) -> list[Month]:
    rows = loan.earnings.annotate(month=TruncMonth("business_date"))
    sums = rows.values("month", "part", "is_suspended").annotate(total=Sum("amount"))
    return _added(sums)


def _added(sums: Iterable[dict]) -> list[Month]:
    months: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in sums:
        month = months[row["month"]]
        month["penalty" if row["part"] == Earned.PENALTY else "interest"] += row["total"]
        month["suspended"] += row["total"] if row["is_suspended"] else 0
    return [Month(first, **parts) for first, parts in sorted(months.items(), reverse=True)]
