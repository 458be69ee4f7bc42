"""What payer and payee are told when money has moved; handlers of the outbox (MV38)."""

from datetime import datetime

from django.db import transaction

from accounts.businesses import queries as businesses
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
    parts = ("customer__user", "business", "target__customer__user", "target__business")
    row = Transfer.objects.select_related(*parts).get(pk=transfer)
    facts = {"amount": str(row.money), "receipt_no": row.receipt_no, "moment": moment(row.paid_at)}
    told = facts | {"name": row.payee_name, "business": row.payer_name}
    _text(row.customer, "business_paid" if row.business_id else "transfer_sent", told)
    if row.is_own:
        return  # Between their own accounts: they know that it came.

    payee = row.target
    told = facts | {"name": row.payer_name, "business": payee.holder_name}
    if not payee.business_id:
        if choices.wants(payee.customer.user, MessageChoice.Topic.MONEY_IN):
            _text(payee.customer, "transfer_received", told)
        return
    for director in businesses.with_role(payee.business, businesses.Role.DIRECTOR):
        _text(director, "business_received", told)


def _text(person, kind: str, facts: dict) -> None:
    notifications.queue(user=person.user, channel="SMS", kind=kind, context=facts)
