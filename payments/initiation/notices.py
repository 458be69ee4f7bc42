"""What apps are told about payments and about shared accounts; handlers of the outbox."""

from datetime import datetime

from accounts.partners import queries as partner_queries
from accounts.partners import webhooks
from ledger.controls.models import OutboxMessage
from ledger.money_json import written
from payments.initiation.models import PartnerPayment
from payments.topups.models import TopUp
from payments.transfers.models import Transfer

EVENTS = {
    "initiation.asked": "payment.pending",
    "initiation.cancelled": "payment.cancelled",
    "initiation.completed": "payment.completed",
}


def tell_app(*, message_id: int, payment: int, at: datetime, **_) -> None:
    """This will tell the app that asked for a payment what became of it."""
    told = OutboxMessage.objects.values_list("event", flat=True).get(pk=message_id)
    row = PartnerPayment.objects.select_related("app", "transfer").get(pk=payment)
    webhooks.announce(
        apps=[row.app],
        event=EVENTS[told],
        event_id=f"evt_payment_{message_id}",
        subject=row.subject,
        data={
            "payment_id": str(row.public_id),
            "status": EVENTS[told].partition(".")[2].upper(),
            "money": written(row.money),
            "receipt_no": row.transfer.receipt_no if row.transfer else "",
        },
        happened_at=row.ended_at or row.asked_at,
        at=at,
    )


def tell_of_transfer(*, message_id: int, transfer: int, at: datetime, **_) -> None:
    """This will tell apps that money left one shared account, or came into another."""
    row = Transfer.objects.select_related("source", "target").get(pk=transfer)
    facts = {"receipt_no": row.receipt_no, "happened_at": row.paid_at, "at": at}
    _tell(row.source, "out", row.total, message_id=message_id, **facts)
    _tell(row.target, "in", row.money, message_id=message_id, **facts)


def tell_of_topup(*, message_id: int, topup: int, at: datetime, **_) -> None:
    """This will tell apps with a consent that money came into a shared account."""
    row = TopUp.objects.select_related("account").get(pk=topup)
    facts = {"receipt_no": row.receipt_no, "happened_at": row.paid_at, "at": at}
    _tell(row.account, "in", row.money, message_id=message_id, **facts)


def _tell(account, direction, money, *, receipt_no, message_id, **when) -> None:
    """Who may read transactions hears which; who may read balances hears that theirs changed."""
    data = {"account": account.number}
    posted = {"direction": direction, "money": written(money), "reference": receipt_no}
    changed = "account.credited" if direction == "in" else "account.debited"
    for scope, event, facts in (
        ("transactions.read", "transaction.posted", data | posted),
        ("balances.read", changed, data),
    ):
        consents = partner_queries.apps_that_see([account.pk], scope=scope, at=when["at"])
        webhooks.announce(
            apps={consent.app for consent in consents},
            event=event,
            event_id=f"evt_{event.partition('.')[0]}_{message_id}_{direction}",
            subject=f"account:{account.number}",
            data=facts,
            **when,
        )
