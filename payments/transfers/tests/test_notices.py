"""Both people are told that money moved, once, however often the event comes."""

from datetime import UTC, datetime

import pytest

from accounts.notifications import operations as notifications
from accounts.notifications.models import Message
from ledger.controls.models import OutboxMessage
from payments.factories import TransferFactory
from payments.transfers import notices
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 5, 33, tzinfo=UTC)


class TestTellBoth:
    @pytest.mark.proves("MV38")
    def test_tells_payer_and_payee_with_amount_name_and_receipt(self):
        transfer = TransferFactory(amount="1500.50", at=AT)
        event = event_of(transfer)

        notices.tell_both(message_id=event.pk, at=AT, **event.payload)

        sent, received = texts_of(transfer)
        for text in (sent, received):
            assert "KES 1,500.50" in text
            assert transfer.receipt_no in text
            assert "21 Nov 2026, 08:33 EAT" in text
        assert "you sent" in sent
        assert "Grace Wanjiku Mwangi" in sent
        assert f"{transfer.customer.full_name} sent you" in received

    def test_an_event_that_comes_twice_is_told_once(self):
        transfer = TransferFactory(at=AT)
        event = event_of(transfer)

        for _ in range(2):
            notices.tell_both(message_id=event.pk, at=AT, **event.payload)

        assert len(texts_of(transfer)) == 2

    @pytest.mark.proves("SE03")
    def test_leaves_out_who_wants_no_texts_of_money_in_but_never_who_paid(self):
        transfer = TransferFactory(at=AT)
        payer, payee = transfer.customer.user, transfer.target.customer.user
        for person in (payer, payee):
            notifications.choose(person, topic="MONEY_IN", is_wanted=False, actor=SYSTEM)
        event = event_of(transfer)

        notices.tell_both(message_id=event.pk, at=AT, **event.payload)

        [told] = texts_of(transfer)
        assert "you sent" in told


def event_of(transfer) -> OutboxMessage:
    return OutboxMessage.objects.get(event="transfer.paid", payload__transfer=transfer.pk)


def texts_of(transfer) -> list[str]:
    kinds = ["transfer_sent", "transfer_received"]
    people = [transfer.customer.user, transfer.target.customer.user]
    found = Message.objects.filter(user__in=people, kind__in=kinds).order_by("pk")
    return [message.body for message in found]
