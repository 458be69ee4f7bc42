"""Taking one payment on a loan back, whole; what that makes of later ones is lending/replays."""

from datetime import datetime

from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Audit
from lending.repayments import queries
from lending.repayments.models import Allocation, Repayment
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.receipts import receipt_no


@inside_transaction
def take_back(payment: Repayment, *, replay_id: int, at: datetime, actor: Actor) -> Repayment:
    """
    This will write the mirror of a payment, in the books and on the loan: its money is in the
    account again today, and what it had paid is owed again. The payment stays. The caller holds the
    loan, and has taken back all that was paid after it.

    :raises AccountFrozen: or AccountClosed, as `journal.reverse`.
    """
    loan = payment.loan
    serial = queries.next_serial()
    receipt, subject = receipt_no("RP", serial), audit.subject_of(loan)
    told = {"number": loan.number, "money": str(payment.money), "receipt": payment.receipt_no}
    posted = journal.reverse(
        payment.entry_id,
        owner=loan.party.owner_ref,
        reference=f"repayment-taken-back:{payment.receipt_no}",
        actor=actor,
        at=at,
        memo=f"Payment {payment.receipt_no} on loan {loan.number} taken back",
        receipt_no=receipt,
        audit=[Audit("loan.repayment_taken_back", subject, told)],
    )
    mirror = Repayment.objects.create(
        pk=serial, loan=loan, reference=f"taken-back:{payment.receipt_no}",
        account=payment.account, channel=payment.channel, amount=-payment.amount,
        unearned=-payment.unearned, suspended=-payment.suspended,
        owed_after=payment.owed_after + payment.amount, entry_id=posted.entry_id,
        receipt_no=receipt, business_date=posted.business_date, value_date=payment.value_date,
        paid_at=payment.paid_at, reverses=payment, replay_id=replay_id, order_id=payment.order_id,
    )  # fmt: skip
    Allocation.objects.bulk_create(
        Allocation(
            repayment=mirror, part=one.part, instalment_id=one.instalment_id, amount=-one.amount
        )
        for one in payment.allocations.all()
    )
    return mirror
