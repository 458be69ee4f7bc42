"""Who is told that a payment of a business waits, or was turned down; handlers of the outbox."""

from datetime import datetime

from django.db import transaction

from accounts.businesses.models import Signature
from accounts.notifications import operations as notifications
from ledger.controls import outbox
from payments.transfers import queries
from payments.transfers.models import Transfer

SOURCE = "approvals.notices"


@transaction.atomic
def ask_signatories(*, message_id: int, transfer: int, at: datetime, **_) -> None:
    """
    This will text everybody who may sign a payment that waits, once for each event; its maker, who
    has it open, is not asked.
    """
    row = _of_event(message_id, transfer)
    if row is None or not row.is_waiting:
        return
    for person in queries.signatures_of(row).may_sign:
        if person.pk != row.customer_id:
            _text(person, "approval_waiting", row, name=row.customer.full_name)


@transaction.atomic
def tell_maker(*, message_id: int, transfer: int, at: datetime, **_) -> None:
    """This will text the maker of a payment that it was turned down, by whom and why."""
    row = _of_event(message_id, transfer)
    if row is None:
        return
    no = Signature.objects.select_related("signer").filter(
        intent=queries.intent_of(row), decision=Signature.Decision.REJECTED
    )
    for signature in no:
        name = signature.signer.full_name
        _text(row.customer, "approval_rejected", row, name=name, reason=signature.reason)


def _of_event(message_id: int, transfer: int) -> Transfer | None:
    if not outbox.take_in(source=SOURCE, message_ref=str(message_id)):
        return None
    row = Transfer.objects.select_related("business").get(pk=transfer)
    return queries.of_business(row.business, public_id=row.public_id)


def _text(person, kind: str, row: Transfer, **facts) -> None:
    facts |= {
        "amount": str(row.money),
        "payee": row.payee_name,
        "business": row.payer_name,
    }
    notifications.queue(user=person.user, channel="SMS", kind=kind, context=facts)
