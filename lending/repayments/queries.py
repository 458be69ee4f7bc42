"""Looking at payments on loans."""

from lending.loans.models import Loan
from lending.repayments.models import Repayment


def of(loan: Loan) -> list[Repayment]:
    """This will give the payments on a loan with what each of them paid, the newest first."""
    rows = loan.repayments.order_by("-pk").select_related("account__product")
    return list(rows.prefetch_related("allocations__instalment"))


def paid_under(receipt_no: str) -> Repayment | None:
    """This will give the payment that a receipt is about, whoever asks."""
    rows = Repayment.objects.select_related("loan__customer")
    return rows.filter(receipt_no=receipt_no).first()


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's payments on loans, for their own copy."""
    rows = Repayment.objects.filter(loan__customer=customer).order_by("pk")
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
