"""Which loans may be written off, what that would book, and what was written off."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from ledger.money import Money
from ledger.vouchers.kept import Kept
from lending.arrears import queries as arrears
from lending.loans.models import Loan
from lending.provisions.models import LoanProvision
from lending.writeoffs.models import WriteOff, WriteOffTerm

# P26 ties them to the loans that were written off.
KEPT = Kept(
    lines=frozenset({"9010", "9011"}),
    kinds=frozenset({"LOAN_WRITE_OFF", "LOAN_RECOVERY"}),
    instead=(
        "A committee writes a loan off, by the loan’s page; what is paid of it later is booked "
        "when it is paid."
    ),
)

# What the nights booked of a loan and nobody paid; what nobody earned yet is no debt of its own.
_OWED = """
SELECT (SELECT balance FROM ledger_balance WHERE account_id = l.ledger_account_id AND shard = 0),
       coalesce(e.interest, 0) + coalesce(r.ahead, 0) - coalesce(p.interest, 0),
       coalesce(e.penalty, 0) - coalesce(p.penalty, 0)
  FROM lending_loan l
  LEFT JOIN LATERAL (SELECT sum(amount) FILTER (WHERE part <> 'PENALTY') AS interest,
                            sum(amount) FILTER (WHERE part = 'PENALTY') AS penalty
                       FROM lending_loanearning WHERE loan_id = l.id) e ON true
  LEFT JOIN LATERAL (SELECT sum(unearned) AS ahead FROM lending_repayment
                      WHERE loan_id = l.id) r ON true
  LEFT JOIN LATERAL (SELECT sum(a.amount) FILTER (WHERE a.part IN ('INTEREST', 'LATE'))
                                AS interest,
                            sum(a.amount) FILTER (WHERE a.part = 'PENALTY') AS penalty
                       FROM lending_allocation a JOIN lending_repayment t ON t.id = a.repayment_id
                      WHERE t.loan_id = l.id) p ON true
 WHERE l.id = %s"""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a loan stands for a write-off, in KES: what of it is in the books, how late it is, and how
    much of it the last run of provisions stands for, by the books and by the central bank.
    """

    principal: Money
    interest: Money
    penalty: Money
    suspended: Money
    days_late: int
    provision: LoanProvision | None
    more_days_than: int
    least_percent: int

    @property
    def total(self) -> Money:
        """All that is owed."""
        return self.principal + self.interest + self.penalty

    @property
    def loss(self) -> Money:
        """What is no income in suspense."""
        return self.total - self.suspended

    @property
    def provided(self) -> Money:
        """What of the loss stands in line 1342 already."""
        return min(self.loss, _kes(self.provision.expected if self.provision else 0))

    @property
    def expensed(self) -> Money:
        """What of the loss does not."""
        return self.loss - self.provided

    @property
    def provided_percent(self) -> Decimal:
        """
        How much of what may be lost is provided for: by the expected loss and, what the minimum of
        the central bank is above it, by the reserve.
        """
        row = self.provision
        if row is None or row.stage != 3 or not row.exposure:
            return Decimal(0)
        return round(100 * max(row.expected, row.least) / row.exposure, 2)

    @property
    def is_late_enough(self) -> bool:
        return self.days_late > self.more_days_than

    @property
    def is_provided(self) -> bool:
        return self.provided_percent >= self.least_percent


def standing_of(loan: Loan, *, on: date) -> Standing:
    """
    This will tell how a loan stands for a write-off: in the books now, late as at the last close,
    provided for by the last run that was booked.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    terms, kinds = WriteOffTerm.numbers_on(on), WriteOffTerm.Kind
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [loan.pk])
        principal, interest, penalty = (_kes(amount) for amount in cursor.fetchone())
    late = getattr(loan, "standing", None)
    is_suspended = arrears.is_suspended(loan)
    return Standing(
        principal=principal,
        interest=interest,
        penalty=penalty,
        suspended=interest + penalty if is_suspended else _kes(0),
        days_late=late.days_late if late else 0,
        provision=LoanProvision.objects.filter(loan=loan, run__journal__isnull=False)
        .order_by("-run__business_date")
        .first(),
        more_days_than=terms[kinds.MORE_DAYS_THAN],
        least_percent=terms[kinds.PROVIDED_PERCENT],
    )


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of loans that it wrote off, for the customer's copy."""
    rows = WriteOff.objects.filter(loan__customer=customer).select_related("loan").order_by("pk")
    return [
        {
            "loan": row.loan.number,
            "business_date": row.business_date.isoformat(),
            "amount": str(row.money),
        }
        for row in rows
    ]


def _kes(amount) -> Money:
    return Money.rounded(Decimal(amount or 0), "KES")
