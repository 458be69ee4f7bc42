"""Adding money: once, within the maximum balance, and only over a way that exists."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from accounts.statements import queries as statements
from ledger.chart import queries as chart
from ledger.controls import outbox
from ledger.controls.models import OutboxMessage
from ledger.factories import put_in, take_out
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.refusals import ReferenceReused
from ledger.tests.racing import at_once
from payments.rails.answers import Answer, Result
from payments.rails.demo import client as demo_rail
from payments.rails.demo.models import DemoRailRequest
from payments.topups import operations as topups
from payments.topups import queries, refusals
from payments.topups.models import TopUp
from wekeza.kit.actor import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_bank")]
AT = datetime(2026, 11, 21, 5, 14, tzinfo=UTC)


class TestTopUp:
    @pytest.mark.proves("SV07", "SV01")
    def test_raises_the_balance_by_exactly_the_amount(self):
        account = DepositAccountFactory(balance="250.25")
        collected = chart.line_balance(chart.line("1150"))

        topup = topups.top_up(**order(account, "5000"))

        assert topup.is_paid
        assert balance(account) == kes("5250.25")
        assert chart.line_balance(chart.line("1150")) - collected == kes(5000)
        entry = Entry.objects.get(pk=topup.entry_id)
        assert (entry.kind, entry.receipt_no) == ("MM_IN", topup.receipt_no)
        assert topup.receipt_no.startswith("DP-")

    @pytest.mark.proves("SV06")
    def test_is_a_transaction_of_type_deposit(self):
        account = DepositAccountFactory()
        topup = topups.top_up(**order(account, "5000"))

        [row] = statements.latest(deposit_queries.standing_of(account))

        assert (row.kind.code, row.direction, row.money) == ("DEPOSIT", "in", kes(5000))
        assert row.reference == topup.receipt_no

    def test_the_same_form_adds_once(self):
        account = DepositAccountFactory()
        form = order(account, "700")

        first, again = topups.top_up(**form), topups.top_up(**form)

        assert first == again
        assert balance(account) == kes(700)
        assert Entry.objects.filter(receipt_no=first.receipt_no).count() == 1

    def test_the_same_form_with_another_amount_is_refused(self):
        form = order(DepositAccountFactory(), "700")
        topups.top_up(**form)

        with pytest.raises(ReferenceReused):
            topups.top_up(**form | {"money": kes(800)})

    def test_over_the_maximum_names_the_room_and_asks_no_rail(self):
        account = DepositAccountFactory(balance="98000")

        with pytest.raises(refusals.OverMaximumBalance) as refusal:
            topups.top_up(**order(account, "2000.01"))

        words = "You can add KES 2,000.00 more. Your account may hold up to KES 100,000.00"
        assert str(refusal.value) == words
        assert not TopUp.objects.filter(account=account).exists()

    def test_a_full_account_is_told_so(self):
        account = DepositAccountFactory(balance="100000")

        with pytest.raises(refusals.OverMaximumBalance) as refusal:
            topups.top_up(**order(account, "1"))
        assert "You cannot add more now" in str(refusal.value)

    def test_a_frozen_account_is_refused_before_the_rail(self):
        account = DepositAccountFactory()
        deposits.freeze(account, reason="Court order", actor=SYSTEM)

        with pytest.raises(refusals.AccountCannotTake):
            topups.top_up(**order(account, "10"))
        assert not TopUp.objects.filter(account=account).exists()


class TestFinish:
    def test_the_sweeper_finishes_what_a_dead_process_started(self):
        account = DepositAccountFactory()
        topup = topups.start(**order(account, "900"))
        event = OutboxMessage.objects.get(event="topup.started", payload__topup=topup.pk)
        assert balance(account) == kes(0)

        topups.finish_started(message_id=event.pk, at=AT, **event.payload)
        topups.finish_started(message_id=event.pk, at=AT, **event.payload)

        assert balance(account) == kes(900)

    def test_money_that_finds_no_room_goes_back_and_nothing_is_booked(self):
        account = DepositAccountFactory(balance="90000")
        topup = topups.start(**order(account, "10000"))
        put_in(account.ledger_account, "1")

        topup = topups.finish(topup, at=AT, actor=actor_of(account.customer))

        assert topup.is_returned
        assert topup.entry_id is None
        assert balance(account) == kes(90_001)
        tell(topup, "topup.returned", topups.send_back)
        tell(topup, "topup.returned", topups.send_back)
        assert kept_by_rail(topup).is_sent_back

    def test_unknown_is_neither_and_a_later_answer_decides(self):
        account = DepositAccountFactory()
        topup = topups.start(**order(account, "900"))
        payer = actor_of(account.customer)

        unknown = topups.settle(topup, answer=Answer(Result.UNKNOWN), at=AT, actor=payer)
        assert unknown.state == "UNKNOWN"
        assert balance(account) == kes(0)

        paid = topups.settle(topup, answer=Answer(Result.SUCCESS, "X1"), at=AT, actor=payer)
        assert paid.is_paid
        assert balance(account) == kes(900)

    def test_what_goes_back_is_never_added_however_the_process_died(self, monkeypatch):
        account = DepositAccountFactory(balance="90000")
        topup = topups.start(**order(account, "10000"))
        put_in(account.ledger_account, "1")
        with monkeypatch.context() as rail:
            rail.setattr(demo_rail, "send_back", killed)
            with suppress(KeyboardInterrupt):
                topups.finish(topup, at=AT, actor=actor_of(account.customer))
                tell(topup, "topup.returned", topups.send_back)

        take_out(account.ledger_account, "20000")  # Now there is room for it.
        tell(topup, "topup.started", topups.finish_started)
        tell(topup, "topup.returned", topups.send_back)

        topup.refresh_from_db()
        assert topup.is_returned
        assert balance(account) == kes(70_001)
        assert kept_by_rail(topup).is_sent_back

    def test_the_sweeper_asks_until_the_rail_knows(self, monkeypatch):
        account = DepositAccountFactory()
        topup = topups.start(**order(account, "900"))
        with monkeypatch.context() as rail:
            rail.setattr(demo_rail, "ask", lambda **_: Answer(Result.UNKNOWN))
            for _ in range(2):
                with pytest.raises(outbox.TryLater):
                    tell(topup, "topup.started", topups.finish_started)

        tell(topup, "topup.started", topups.finish_started)

        topup.refresh_from_db()
        assert topup.is_paid
        assert balance(account) == kes(900)


class TestQueries:
    def test_only_the_asker_sees_the_receipt(self):
        account = DepositAccountFactory()
        topup = topups.top_up(**order(account, "10"))

        found = queries.receipt_by(actor_of(account.customer), receipt_no=topup.receipt_no)

        assert (found.topup, found.is_reversed) == (topup, False)
        for stranger in (actor_of(CustomerFactory()), SYSTEM):
            with pytest.raises(refusals.NoSuchTopUp):
                queries.receipt_by(stranger, receipt_no=topup.receipt_no)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_many_taps_on_one_form_add_once(self):
        account = DepositAccountFactory()
        form = order(account, "700")
        together = Barrier(12)

        def tap(_n):
            try:
                together.wait(timeout=30)
                return topups.top_up(**form).receipt_no
            finally:
                connection.close()

        with ThreadPoolExecutor(12) as pool:
            receipts = set(pool.map(tap, range(12)))

        assert len(receipts) == 1
        assert balance(account) == kes(700)

    @pytest.mark.parametrize("turn", range(4))
    def test_adding_and_giving_back_at_once_do_one_of_the_two(self, turn):
        account = DepositAccountFactory()
        topup = topups.start(**order(account, "700"))
        answer = demo_rail.ask(reference=str(topup.public_id), money=topup.money)
        ways = [topups.settle, topups.give_back] * 4

        rows = at_once(8, lambda n: ways[n](topup, answer=answer, at=AT, actor=SYSTEM))

        [state] = {row.state for row in rows}
        assert state in {"PAID", "RETURNED"}
        told = OutboxMessage.objects.filter(payload__topup=topup.pk).exclude(event="topup.started")
        assert told.get().event == {"PAID": "topup.paid", "RETURNED": "topup.returned"}[state]
        assert balance(account) == kes(700 if state == "PAID" else 0)

    def test_many_forms_fill_the_account_exactly_to_its_maximum(self):
        account = DepositAccountFactory(balance="95000")
        together = Barrier(12)

        def add(_n):
            try:
                together.wait(timeout=30)
                return topups.top_up(**order(account, "1000")).state
            except refusals.OverMaximumBalance:
                return "refused"
            finally:
                connection.close()

        with ThreadPoolExecutor(12) as pool:
            outcomes = list(pool.map(add, range(12)))

        assert outcomes.count("PAID") == 5
        assert balance(account) == kes(100_000)


def order(account, amount) -> dict:
    return {
        "reference": uuid4(),
        "account": account,
        "money": kes(amount),
        "at": AT,
        "actor": actor_of(account.customer),
    }


def tell(topup, event, handler) -> None:
    """What the sweeper does with an event of a top-up."""
    message = OutboxMessage.objects.get(event=event, payload__topup=topup.pk)
    handler(message_id=message.pk, at=AT, **message.payload)


def kept_by_rail(topup) -> DemoRailRequest:
    return DemoRailRequest.objects.get(reference=str(topup.public_id))


def killed(**_):
    raise KeyboardInterrupt


def balance(account):
    return deposit_queries.standing_of(account).balance
