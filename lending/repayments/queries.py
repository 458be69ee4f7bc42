"""Looking at payments on loans."""

from datetime import date

from django.db import connection
from django.db.models import Min, OuterRef, Prefetch

from ledger.money import Money
from ledger.vouchers.kept import Kept
from lending.lines import queries as lending_lines
from lending.loans.models import Loan, ScheduleVersion
from lending.products.models import LoanProduct
from lending.repayments.models import Allocation, AllocationOrder, Repayment
from wekeza.kit.dated import NoSuchTerm

_KINDS = frozenset(
    {
        "LOAN_DISBURSEMENT", "LOAN_FEE", "LOAN_ACCRUAL", "LOAN_SUSPENSE", "LOAN_REPAYMENT",
        "LOAN_REPLAY",
    }
)  # fmt: skip


def kept() -> Kept:
    """This will give the lines of lending that P22, P23 and P25 tie to the loans."""
    principal = LoanProduct.objects.values_list("principal_line", flat=True)
    return Kept(
        lines=frozenset({*principal, *lending_lines.proven()}),
        kinds=_KINDS,
        instead=(
            "Loans book it: what they earn by night, what is paid of them at once. Give back to a "
            "customer what was taken in error from 5420."
        ),
    )


def order_of(loan: Loan, *, on: date, performs: bool) -> AllocationOrder:
    """
    This will give the order in which a payment as of a day pays what is due of a loan.

    :raises NoSuchTerm: if the bank's table has a gap.
    """
    standings = AllocationOrder.Standing
    standing = standings.PERFORMING if performs else standings.BAD
    rows = AllocationOrder.objects.on(on).filter(product=loan.product_id, standing=standing)
    found = rows.first()
    if found is None:
        raise NoSuchTerm(f"order of allocation of {loan.product_id} {standing} on {on}")
    return found


def of(loan: Loan) -> list[Repayment]:
    """
    This will give the payments on a loan with what each of them paid, in that order, the newest
    first: those that were taken back too, each with its `reversal` and what it was replaced by.
    """
    rows = loan.repayments.filter(reverses=None).order_by("-pk")
    rows = rows.select_related("account__product", "order", "reversal", "replacement")
    as_paid = Allocation.objects.order_by("pk").select_related("instalment")
    return list(rows.prefetch_related(Prefetch("allocations", as_paid)))


def booked_on(loan: Loan) -> list[Repayment]:
    """This will give all that was booked of payments on a loan, mirrors too, as it was booked."""
    return list(loan.repayments.order_by("pk").prefetch_related("allocations"))


def sum_of(payments: list[Repayment]) -> Money:
    """This will add up those of the payments on a loan that stand."""
    return sum((one.money for one in payments if one.stands), Money.zero("KES"))


def standing_after(loan: Loan, *, day: date) -> list[Repayment]:
    """
    This will give the payments on a loan as of a day and later that were not taken back, in the
    order in which they pay.
    """
    rows = loan.repayments.filter(reverses=None, reversal=None, value_date__gte=day)
    return list(rows.order_by("value_date", "pk").select_related("account", "loan"))


def standing_from(payment: Repayment) -> list[Repayment]:
    """This will give a payment that stands and those that pay after it, in their order."""
    rows = standing_after(payment.loan, day=payment.value_date)
    return rows[rows.index(payment) :] if payment in rows else []


def made_by(payments: list[Repayment]) -> int | None:
    """
    This will give the first version of a schedule that one of these payments made, by paying ahead;
    None if none did. Who made a version is the first to pay of it.
    """
    rows = Allocation.objects.filter(
        repayment__loan__in={one.loan_id for one in payments},
        instalment__version__in=ScheduleVersion.objects.filter(
            loan=OuterRef("repayment__loan"), why=ScheduleVersion.Why.PAID_AHEAD
        ).values("version"),
    )
    first = rows.values("instalment__version").annotate(by=Min("repayment"))
    ids = {one.pk for one in payments}
    return min((row["instalment__version"] for row in first if row["by"] in ids), default=None)


def paid_under(receipt_no: str) -> Repayment | None:
    """This will give the payment that a receipt is about, whoever asks."""
    rows = Repayment.objects.select_related(
        "account__customer", "account__business", "reversal", "replacement"
    )
    return rows.filter(receipt_no=receipt_no, reverses=None).first()


def next_serial() -> int:
    """The receipt's number is part of the entry, which is written before the payment's own row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('lending_repayment', 'id'))")
        return cursor.fetchone()[0]


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's payments on loans, for their own copy."""
    rows = Repayment.objects.filter(loan__customer=customer, loan__business=None).order_by("pk")
    return [
        {
            "loan": row.loan.number,
            "receipt_no": row.receipt_no,
            "amount": str(row.money),
            "owed_after": str(row.left),
            "paid_at": row.paid_at.isoformat(),
            "value_date": row.value_date.isoformat(),
            "is_taken_back": not row.stands,
        }
        for row in rows.filter(reverses=None).select_related("loan", "reversal")
    ]
