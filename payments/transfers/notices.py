"""What payer and payee are told when money has moved; handlers of the outbox (MV38)."""

from datetime import datetime

from django.db import transaction

from accounts.notifications import operations as notifications
from accounts.notifications import queries as choices
from accounts.notifications.models import MessageChoice
from ledger.controls import outbox
from payments.transfers.models import Transfer
from wekeza.kit.words import moment

SOURCE = "transfers.notices"


@transaction.atomic
def tell_both(*, message_id: int, transfer: int, at: datetime, **_) -> None:
    """This will text payer and payee of a sent transfer, once for each event."""
    if not outbox.take_in(source=SOURCE, message_ref=str(message_id)):
        return
    parts = ("customer__user", "target__customer__user")
    row = Transfer.objects.select_related(*parts).get(pk=transfer)
    payer, payee = row.customer, row.target.customer
    facts = {"amount": str(row.money), "receipt_no": row.receipt_no, "moment": moment(row.paid_at)}
    told = [(payer, "transfer_sent", row.payee_name)]
    if choices.wants(payee.user, MessageChoice.Topic.MONEY_IN):
        told.append((payee, "transfer_received", payer.full_name))
    for person, kind, other in told:
        notifications.queue(
            user=person.user, channel="SMS", kind=kind, context=facts | {"name": other}
        )
