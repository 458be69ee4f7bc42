"""Looking at payments on loans."""

from django.db import connection

from ledger.vouchers.kept import Kept
from lending.loans.models import Loan
from lending.repayments.models import Repayment

# P22 and P23 tie them to the loans.
KEPT = Kept(
    lines=frozenset(
        {"1310", "1311", "1312", "1313", "1314", "1315", "1316", "1330", "1335", "2360"}
    ),
    kinds=frozenset({"LOAN_DISBURSEMENT", "LOAN_ACCRUAL", "LOAN_SUSPENSE", "LOAN_REPAYMENT"}),
    instead=(
        "Loans book it: what they earn by night, what is paid of them at once. Give back to a "
        "customer what was taken in error from 5420."
    ),
)


def of(loan: Loan) -> list[Repayment]:
    """This will give the payments on a loan with what each of them paid, the newest first."""
    rows = loan.repayments.order_by("-pk").select_related("account__product")
    return list(rows.prefetch_related("allocations__instalment"))


def paid_under(receipt_no: str) -> Repayment | None:
    """This will give the payment that a receipt is about, whoever asks."""
    rows = Repayment.objects.select_related("account__customer", "account__business")
    return rows.filter(receipt_no=receipt_no).first()


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
        }
        for row in rows.select_related("loan")
    ]
