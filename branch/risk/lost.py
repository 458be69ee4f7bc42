"""What was written off, and what came back of it (kenya.md 4.9): this year's sums and every row."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum

from branch.risk.files import MOST_IN_A_FILE
from ledger.calendar.queries import business_date
from ledger.money import Money
from lending.repayments.models import Repayment
from lending.writeoffs.models import WriteOff

BRANCH = "loan__customer__branch"
WRITTEN, RECOVERED = "written", "recovered"
TITLES = {WRITTEN: "Written off", RECOVERED: "Recovered"}
HEADS = {
    WRITTEN: [
        "Loan", "Customer", "Product", "Written off on", "Days past due", "Principal in KES",
        "Interest in KES", "Penalties in KES", "Together in KES", "From suspense in KES",
        "From provisions in KES", "Expense in KES", "Recovered in KES", "Still claimed in KES",
        "Entry",
    ],
    RECOVERED: [
        "Loan", "Customer", "Product", "Paid on", "Receipt", "Amount in KES",
        "Still claimed in KES", "Written off on", "Entry",
    ],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lost:
    """Of the business dates from `since` to `until`: how many loans and payments, and how much."""

    since: date
    until: date
    count: int
    written: Money
    payments: int
    recovered: Money


def written_off() -> QuerySet[WriteOff]:
    """This will give every write-off, the newest first, with what came back of it."""
    rows = WriteOff.objects.annotate(
        together=F("principal") + F("interest") + F("penalty"), back=Sum("recoveries__amount")
    )
    parts = ("loan__customer", "loan__product")
    return rows.select_related(*parts).order_by("-business_date", "-pk")


def recoveries() -> QuerySet[Repayment]:
    """This will give every payment on a loan that was written off, the newest first."""
    rows = Repayment.objects.filter(write_off__isnull=False)
    return rows.select_related("loan__customer", "loan__product", "write_off").order_by("-pk")


def this_year(written: QuerySet[WriteOff], paid: QuerySet[Repayment]) -> Lost:
    """This will add up the calendar year so far, by business dates."""
    today = business_date()
    since = today.replace(month=1, day=1)
    span = {"business_date__range": (since, today)}
    # Without the annotations: a loan that was paid on twice counts once.
    plain = WriteOff.objects.filter(pk__in=written.order_by().values("pk"), **span)
    lost = plain.aggregate(n=Count("pk"), total=Sum(F("principal") + F("interest") + F("penalty")))
    back = paid.order_by().filter(**span).aggregate(n=Count("pk"), total=Sum("amount"))
    return Lost(since, today, lost["n"], _kes(lost["total"]), back["n"], _kes(back["total"]))


def rows_of(what: str, found) -> list[list]:
    """This will write write-offs, or what was recovered, as rows of a file, the newest 50,000."""
    return [_ROWS[what](row) for row in found[:MOST_IN_A_FILE]]


def _written_row(row: WriteOff) -> list:
    back = _kes(row.back)
    money = (row.principal, row.interest, row.penalty, row.together)
    borne = (row.suspended, row.provided, row.expensed)
    return [
        *_loan(row.loan), row.business_date, row.days_late,
        *(_kes(amount).amount for amount in (*money, *borne)),
        back.amount, (row.money - back).amount, row.entry_id,
    ]  # fmt: skip


def _recovered_row(row: Repayment) -> list:
    return [
        *_loan(row.loan), row.business_date, row.receipt_no, row.money.amount, row.left.amount,
        row.write_off.business_date, row.entry_id,
    ]  # fmt: skip


def _loan(loan) -> list[str]:
    """Customers stand in files by what names their file, not by name."""
    return [loan.number, str(loan.customer.public_id), loan.product.name]


def _kes(amount) -> Money:
    return Money.rounded(amount or Decimal(0), "KES")


_ROWS = {WRITTEN: _written_row, RECOVERED: _recovered_row}
