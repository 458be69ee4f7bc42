"""Sending what was authorised: once, in order, refused cleanly; and letting go of a draft."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.deposits import operations as deposits
from accounts.factories import CustomerFactory, DepositAccountFactory, actor_of
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.journal.models import Entry
from ledger.money import kes
from payments.factories import AuthorisedFactory, DraftFactory, TransferFactory
from payments.transfers import operations as transfers
from payments.transfers import refusals
from payments.transfers.models import Transfer
from payments.transfers.tests.steps import AT, balance, spent_today
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestSend:
    @pytest.mark.proves("MV02", "MV37", "MV44", "LG15")
    def test_moves_the_money_once_however_often_it_is_asked(self):
        draft = AuthorisedFactory(amount="1500.50", reason="Rent", at=AT)
        payer = actor_of(draft.customer)

        first = transfers.send(draft, at=AT, actor=payer)
        again = transfers.send(draft, at=AT + timedelta(minutes=1), actor=payer)

        assert (first.is_replay, again.is_replay) == (False, True)
        assert first.transfer == again.transfer
        assert first.transfer.receipt_no == again.transfer.receipt_no
        assert balance(draft.source) == kes("3499.50")
        assert balance(draft.target) == kes("1500.50")
        [entry] = Entry.objects.filter(source=f"payments.transfer:{draft.pk}")
        assert (entry.kind, entry.memo) == ("INTERNAL_TRANSFER", "Rent")
        assert entry.receipt_no == first.transfer.receipt_no

    @pytest.mark.proves("MV45", "MV13")
    def test_gives_a_receipt_number_that_stays(self):
        transfer = TransferFactory(at=AT)

        transfer.refresh_from_db()
        assert transfer.receipt_no.startswith("MV-")
        assert len(transfer.receipt_no) == 10
        assert transfer.paid_at == AT
        assert transfer.entry.receipt_no == transfer.receipt_no

    @pytest.mark.proves("LG10", "SE30")
    def test_writes_audit_and_event_with_the_entry(self):
        transfer = TransferFactory(at=AT)

        line = AuditEntry.objects.get(
            deed="transfer.paid", subject=f"payments.transfer:{transfer.pk}"
        )
        event = OutboxMessage.objects.get(event="transfer.paid", payload__transfer=transfer.pk)
        assert line.actor == f"CUSTOMER:{transfer.customer_id}"
        assert event.payload["entry"] == transfer.entry_id

    def test_what_was_not_authorised_is_not_sent(self):
        draft = DraftFactory(at=AT)

        with pytest.raises(refusals.NotAuthorised):
            transfers.send(draft, at=AT, actor=actor_of(draft.customer))
        assert balance(draft.source) == kes(5000)

    @pytest.mark.proves("MV14")
    def test_costs_nothing(self):
        transfer = TransferFactory(amount="1000", at=AT)

        assert transfer.fee_money == kes(0)
        assert balance(transfer.source) == kes(4000)

    def test_a_dated_fee_is_booked_with_its_excise(self, price):
        price(50, at=AT)
        fees, excise = (
            chart.line_balance(chart.line("4110")),
            chart.line_balance(chart.line("2210")),
        )

        transfer = TransferFactory(amount="1000", at=AT)

        # kenya.md 5.5: 50 at 15% inside is 43.48 + 6.52.
        assert balance(transfer.source) == kes(3950)
        assert balance(transfer.target) == kes(1000)
        assert chart.line_balance(chart.line("4110")) - fees == kes("43.48")
        assert chart.line_balance(chart.line("2210")) - excise == kes("6.52")

    def test_the_fee_that_was_shown_is_booked_whatever_the_price_is_by_then(self, price):
        price(50, at=AT - timedelta(days=1))
        draft = AuthorisedFactory(amount="1000", at=AT)
        lines = [chart.line("4110"), chart.line("2210")]
        before = [chart.line_balance(line) for line in lines]
        price(80, at=AT)

        transfers.send(draft, at=AT, actor=actor_of(draft.customer))

        after = [chart.line_balance(line) for line in lines]
        assert balance(draft.source) == kes(3950)
        assert [now - then for now, then in zip(after, before, strict=True)] == [
            kes("43.48"),
            kes("6.52"),
        ]

    def test_counts_towards_the_nairobi_day_and_month(self):
        # 21:30 UTC on 30 November is the 1st of December in Nairobi.
        night = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)

        transfer = TransferFactory(amount="700", at=night)

        used = {
            "owner_ref": transfer.customer.owner_ref,
            "period_start": date(2026, 12, 1),
        }
        assert chart.used(kind="DAILY_OUT", **used) == 700
        assert chart.used(kind="MONTHLY_OUT", **used) == 700

    def test_between_own_accounts_does_not_count(self):
        payer = DepositAccountFactory(customer=CustomerFactory(), balance="60000")
        savings = DepositAccountFactory(customer=payer.customer, is_another=True)

        transfer = AuthorisedFactory(source=payer, target=savings, amount="5000", at=AT)
        transfers.send(transfer, at=AT, actor=actor_of(payer.customer))

        today = {"owner_ref": payer.customer.owner_ref, "period_start": date(2026, 11, 21)}
        assert chart.used(kind="DAILY_OUT", **today) == 0


class TestSendRefused:
    """What was possible at the draft and no longer is: refused cleanly, nothing left behind."""

    @pytest.mark.proves("MV22", "LG09")
    def test_money_spent_meanwhile(self):
        payer = DepositAccountFactory(balance="2000")
        first = AuthorisedFactory(source=payer, amount="1500", at=AT)
        second = AuthorisedFactory(source=payer, amount="1500", at=AT)
        transfers.send(first, at=AT, actor=actor_of(payer.customer))

        with pytest.raises(refusals.NotEnoughMoney) as refusal:
            transfers.send(second, at=AT, actor=actor_of(payer.customer))

        assert str(refusal.value) == "You have KES 500.00. Enter KES 500.00 or less"
        assert balance(payer) == kes(500)
        assert nothing_left_of(second)

    def test_limit_used_meanwhile(self):
        payer, payee = spent_today("46000")
        first = AuthorisedFactory(source=payer, target=payee, amount="3000", at=AT)
        second = AuthorisedFactory(source=payer, target=payee, amount="3000", at=AT)
        transfers.send(first, at=AT, actor=actor_of(payer.customer))

        with pytest.raises(refusals.OverDailyLimit) as refusal:
            transfers.send(second, at=AT, actor=actor_of(payer.customer))

        assert "KES 1,000.00 more today" in str(refusal.value)
        assert nothing_left_of(second)

    @pytest.mark.parametrize("who", ["source", "target"])
    def test_account_frozen_meanwhile(self, who):
        draft = AuthorisedFactory(at=AT)
        deposits.freeze(getattr(draft, who), reason="Court order 7/2026", actor=SYSTEM)
        kind = {"source": refusals.SourceFrozen, "target": refusals.PayeeCannotTake}[who]

        with pytest.raises(kind) as refusal:
            transfers.send(draft, at=AT, actor=actor_of(draft.customer))

        assert "Court" not in str(refusal.value)
        assert nothing_left_of(draft)

    def test_payee_closed_meanwhile(self):
        draft = AuthorisedFactory(at=AT)
        deposits.close(draft.target, reason="Customer's wish", actor=SYSTEM)

        with pytest.raises(refusals.PayeeCannotTake):
            transfers.send(draft, at=AT, actor=actor_of(draft.customer))
        assert nothing_left_of(draft)

    def test_payee_full_meanwhile(self):
        payee = DepositAccountFactory(balance="98000")
        first = AuthorisedFactory(target=payee, amount="1500", at=AT)
        second = AuthorisedFactory(target=payee, amount="1500", at=AT)
        transfers.send(first, at=AT, actor=actor_of(first.customer))

        with pytest.raises(refusals.PayeeCannotTake):
            transfers.send(second, at=AT, actor=actor_of(second.customer))
        assert nothing_left_of(second)

    @pytest.mark.parametrize(
        ("status", "refusal"),
        [
            ("CHECKING", refusals.DetailsBeingChecked),
            ("SUSPENDED", refusals.DetailsBeingChecked),
            ("CLOSED", refusals.CustomerNotActive),
        ],
    )
    def test_customer_held_or_gone_meanwhile(self, status, refusal):
        draft = AuthorisedFactory(at=AT)
        customer = draft.customer
        type(customer).objects.filter(pk=customer.pk).update(status=status)

        with pytest.raises(refusal):
            transfers.send(draft, at=AT, actor=actor_of(customer))
        assert nothing_left_of(draft)


class TestCancel:
    def test_keeps_the_money_and_is_final(self):
        draft = AuthorisedFactory(at=AT)
        payer = actor_of(draft.customer)

        transfers.cancel(draft, at=AT, actor=payer)
        transfers.cancel(draft, at=AT, actor=payer)

        with pytest.raises(refusals.DraftChanged):
            transfers.send(draft, at=AT, actor=payer)
        assert balance(draft.source) == kes(5000)

    def test_comes_too_late_when_it_was_sent(self):
        transfer = TransferFactory(at=AT)

        with pytest.raises(refusals.AlreadySent):
            transfers.cancel(transfer, at=AT, actor=actor_of(transfer.customer))


def nothing_left_of(draft: Transfer) -> bool:
    draft.refresh_from_db()
    return (
        draft.is_draft
        and not Entry.objects.filter(source=f"payments.transfer:{draft.pk}").exists()
        and not OutboxMessage.objects.filter(payload__transfer=draft.pk).exists()
    )
