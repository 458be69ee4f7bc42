"""Looking at how late loans are."""

from datetime import date

from ledger.money import Money
from lending.arrears.models import ClassChange, LoanStanding, SuspenseMove
from lending.loans.models import Loan

# The classes in force on a day: how statements over many loans begin.
CLASSES = """
WITH term AS MATERIALIZED (
    SELECT DISTINCT ON (loan_class) * FROM lending_classterm
     WHERE effective_from <= %(day)s AND (effective_to IS NULL OR effective_to >= %(day)s)
     ORDER BY loan_class, effective_from DESC
)"""


def is_suspended(loan: Loan) -> bool:
    """This will tell whether what a loan earns is kept in suspense until it is paid."""
    return LoanStanding.objects.filter(pk=loan.pk, npl_since__isnull=False).exists()


def owed_when_it_turned(loan: Loan) -> Money | None:
    """
    This will give what was owed of a loan's principal when it became non-performing; None while it
    performs.
    """
    row = LoanStanding.objects.filter(pk=loan.pk, npl_since__isnull=False).first()
    return row and Money.rounded(row.npl_principal, "KES")


def performs_again(loan: Loan, *, since: date) -> date | None:
    """This will give the last business date from a day on at which a bad loan got good again."""
    rows = SuspenseMove.objects.filter(
        loan=loan, is_into=False, replay=None, business_date__gte=since
    )
    return rows.order_by("-business_date").values_list("business_date", flat=True).first()


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of the classes of a customer's loans, for their copy."""
    rows = ClassChange.objects.filter(loan__customer=customer, loan__business=None).order_by("pk")
    return [
        {
            "loan": row.loan.number,
            "from": row.from_class,
            "to": row.to_class,
            "days_late": row.days_late,
            "why": row.why,
            "business_date": row.business_date.isoformat(),
        }
        for row in rows.select_related("loan")
    ]
