"""Undoing an entry: a mirror, once."""

from decimal import Decimal

import pytest
from django.db import transaction

from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import LedgerAccountFactory, post, put_in, send, undo
from ledger.journal.lines import Audit, Event, credit, debit
from ledger.journal.models import Entry, Posting
from ledger.money import kes
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    AlreadyReversed,
    InsufficientFunds,
    NoSuchEntry,
    ReferenceReused,
)
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return LedgerAccountFactory(balance="100"), LedgerAccountFactory(balance="50")


def legs(entry_id):
    rows = Posting.objects.filter(entry_id=entry_id)
    return sorted(rows.values_list("account_id", "side", "amount"))


class TestReverse:
    @pytest.mark.proves("LG05", "LG17")
    def test_writes_the_mirror_and_leaves_the_original_as_it_was(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30", memo="Rent", source="payments.transfer:1", branch="002")
        before = legs(posted.entry_id)

        mirror = undo(posted.entry_id, memo="Sent twice")

        turned = {"DEBIT": "CREDIT", "CREDIT": "DEBIT"}
        assert legs(posted.entry_id) == before
        assert legs(mirror.entry_id) == sorted((a, turned[side], x) for a, side, x in before)
        assert (payer.money, payee.money) == (kes(100), kes(50))
        entry = Entry.objects.get(pk=mirror.entry_id)
        assert (entry.reverses_id, entry.kind, entry.memo) == (
            posted.entry_id,
            "REVERSAL",
            "Sent twice",
        )
        assert (entry.source, entry.branch) == ("payments.transfer:1", "002")

    def test_turns_every_line_of_a_long_entry(self, pair):
        payer, _ = pair
        posted = post(
            debit(payer, kes(80)), credit(chart.line("1020"), kes(50)),
            credit(chart.line("4160"), kes("26.09")), credit(chart.line("2210"), kes("3.91")),
        )  # fmt: skip

        mirror = undo(posted.entry_id)

        assert len(legs(mirror.entry_id)) == 4
        assert payer.money == kes(100)

    def test_is_booked_and_valued_today_though_the_entry_was_valued_before(self, pair):
        payer, _ = pair
        first = calendar.business_date().replace(day=1)
        posted = put_in(payer, "5", value_date=first)

        mirror = Entry.objects.get(pk=undo(posted.entry_id).entry_id)

        assert mirror.value_date == mirror.business_date == calendar.business_date()

    @pytest.mark.proves("LG16")
    def test_tells_its_audit_and_outbox_rows(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30")

        mirror = undo(posted.entry_id, audit=[Audit("undone.told")], outbox=[Event("undone.told")])

        told = AuditEntry.objects.get(deed="undone.told")
        assert told.subject == f"ledger.entry:{mirror.entry_id}"
        assert OutboxMessage.objects.get(event="undone.told").payload == {"entry": mirror.entry_id}


class TestAReversal:
    def test_happens_once(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30")
        undo(posted.entry_id)

        with pytest.raises(AlreadyReversed) as refused, transaction.atomic():
            undo(posted.entry_id)

        assert refused.value.status == 409
        assert payer.money == kes(100)

    def test_is_given_back_when_it_is_asked_for_again(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30")
        first = undo(posted.entry_id, reference="undo:1")

        again = undo(posted.entry_id, reference="undo:1")

        assert (again.entry_id, again.is_replay) == (first.entry_id, True)

    def test_under_a_used_reference_is_refused(self, pair):
        payer, payee = pair
        one, two = send(payer, payee, "3"), send(payer, payee, "4", reference="taken")
        undo(one.entry_id, reference="undo:2")

        for reference in ("undo:2", "taken"):
            with pytest.raises(ReferenceReused), transaction.atomic():
                undo(two.entry_id, reference=reference)

    def test_is_never_reversed_itself(self, pair):
        payer, payee = pair
        mirror = undo(send(payer, payee, "30").entry_id)

        with pytest.raises(AlreadyReversed), transaction.atomic():
            undo(mirror.entry_id)

    def test_of_an_entry_that_is_not_there_is_refused(self):
        with pytest.raises(NoSuchEntry) as refused, transaction.atomic():
            undo(999_999_999)

        assert refused.value.status == 404

    def test_is_refused_when_the_money_is_spent(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30")
        send(payee, payer, "60")

        with pytest.raises(InsufficientFunds) as refused, transaction.atomic():
            undo(posted.entry_id)

        assert refused.value.facts["deficit"] == kes(10)
        assert not Entry.objects.filter(reverses_id=posted.entry_id).exists()

    def test_is_refused_on_a_frozen_or_closed_account(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30")
        ledger_accounts.freeze(payee, reason="dispute", actor=SYSTEM)
        with pytest.raises(AccountFrozen), transaction.atomic():
            undo(posted.entry_id)
        ledger_accounts.unfreeze(payee, reason="settled", actor=SYSTEM)
        send(payee, payer, "80")
        ledger_accounts.close(payee, actor=SYSTEM)

        with pytest.raises(AccountClosed), transaction.atomic():
            undo(posted.entry_id)

    def test_may_fill_an_account_past_its_maximum(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "30")
        ledger_accounts.set_terms(payer, maximum=Decimal(71), overdraft=Decimal(0), actor=SYSTEM)

        undo(posted.entry_id)

        assert payer.money == kes(100)
