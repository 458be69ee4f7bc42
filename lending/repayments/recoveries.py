"""What is paid of a loan after it was written off (kenya.md 11.2, RECOVERY after write-off)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from accounts.deposits.models import DepositAccount
from accounts.notifications import operations as notifications
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, credit, debit
from ledger.money import Money
from lending.loans.models import Loan
from lending.loans.states import LIFECYCLE, LoanState
from lending.repayments import queries
from lending.repayments.models import Allocation, Part, Repayment
from lending.writeoffs.models import WriteOff
from wekeza.kit.db import inside_transaction
from wekeza.kit.receipts import receipt_no

KIND = "LOAN_RECOVERY"
INCOME, CLAIMS, CONTRA = "4310", "9010", "9011"


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What is owed of a loan that was written off: what stood in the books then, less what was paid
    since. Nothing is added to it any more.
    """

    loan: Loan
    on: date
    write_off: WriteOff
    total: Money

    @property
    def paid(self) -> Money:
        """What was paid since it was written off."""
        return self.write_off.money - self.total

    @property
    def owed(self) -> Money:
        """Paying it off costs no more than that."""
        return self.total

    @property
    def asked_by_now(self) -> Money:
        """All of it is due."""
        return self.total

    @property
    def next_payment(self) -> Money:
        """All of it is due."""
        return self.total


def claim_on(loan: Loan, *, on: date) -> Claim:
    """This will work out what is owed of a loan that was written off."""
    row = loan.write_off
    paid = row.recoveries.aggregate(total=Sum("amount", default=0))["total"]
    return Claim(loan, on, row, row.money - Money.rounded(paid, "KES"))


@inside_transaction
def take(
    claim: Claim, money: Money, *, account: DepositAccount, reference, channel, at, actor
) -> Repayment:
    """
    This will take a payment on a loan that was written off from an account: income of the moment,
    and so much less that is claimed. The last shilling makes the loan RECOVERED. The caller holds
    the loan, and asks for no more than is owed.
    """
    loan, left = claim.loan, claim.total - money
    serial = queries.next_serial()
    receipt, subject = receipt_no("RP", serial), audit.subject_of(loan)
    told = {"number": loan.number, "money": str(money), "left": str(left)}
    posted = journal.post(
        owner=loan.party.owner_ref,
        reference=f"repayment:{loan.number}:{reference}",
        kind=KIND,
        lines=[
            debit(account.ledger_account, money),
            credit(chart.line(INCOME), money),
            debit(chart.line(CONTRA), money),
            credit(chart.line(CLAIMS), money),
        ],
        actor=actor,
        at=at,
        source=subject,
        branch=account.branch,
        receipt_no=receipt,
        is_below_minimum=channel == Repayment.Channel.SWEEP,
        audit=[Audit("loan.recovered", subject, told)],
    )
    row = Repayment.objects.create(
        pk=serial, loan=loan, reference=reference, account=account, channel=channel,
        amount=money.amount, unearned=0, owed_after=left.amount, write_off=claim.write_off,
        entry_id=posted.entry_id, receipt_no=receipt, business_date=posted.business_date,
        value_date=claim.on, paid_at=at,
    )  # fmt: skip
    Allocation.objects.create(repayment=row, part=Part.WRITTEN_OFF, amount=money.amount)
    if not left:
        LIFECYCLE.move(loan, to=LoanState.RECOVERED, paid_date=posted.business_date, updated_at=at)
    context = {"amount": str(money), "number": loan.number, "left": str(left) if left else ""}
    notifications.queue(user=loan.customer.user, channel="SMS", kind="loan_repaid", context=context)
    return row
