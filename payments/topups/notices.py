"""What the holder is told when money was added; handler of the outbox."""

from datetime import datetime

from django.db import transaction

from accounts.notifications import operations as notifications
from accounts.notifications import queries as choices
from accounts.notifications.models import MessageChoice
from ledger.controls import outbox
from payments.topups.models import TopUp

SOURCE = "topups.notices"


@transaction.atomic
def tell_holder(*, message_id: int, topup: int, at: datetime, **_) -> None:
    """This will text the holder that a top-up arrived, once for each event."""
    if not outbox.take_in(source=SOURCE, message_ref=str(message_id)):
        return
    row = TopUp.objects.select_related("customer__user", "account").get(pk=topup)
    if not choices.wants(row.customer.user, MessageChoice.Topic.MONEY_IN):
        return
    facts = {
        "amount": str(row.money),
        "receipt_no": row.receipt_no,
        "ending": row.account.ending,
    }
    notifications.queue(user=row.customer.user, channel="SMS", kind="topup_paid", context=facts)
