"""Writing an entry: what it leaves, what it refuses, and that it happens once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import NOON, LedgerAccountFactory, post, put_in, send, take_out, undo
from ledger.journal.lines import Audit, Event, Line, credit, debit
from ledger.journal.models import Entry, Posting
from ledger.money import Money, kes
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    InsufficientFunds,
    MaximumBalance,
    ReferenceReused,
    Unbalanced,
    ValueDateNotOpen,
)
from wekeza.kit.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db
AMINA = Actor("CUSTOMER", "17", person="party:17")


def chain(account):
    """(sequence, side, amount, balance after) of each posting of an account, in order."""
    rows = Posting.objects.filter(account=account).order_by("sequence")
    return [(row.sequence, row.side, row.amount, row.balance_after) for row in rows]


class TestAnEntry:
    @pytest.mark.proves("LG04", "LG20", "LG15")
    def test_moves_both_balances_and_keeps_each_balance_after(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()

        posted = send(payer, payee, "250.50")

        assert payer.money == kes("749.50")
        assert payee.money == kes("250.50")
        assert chain(payer)[-1] == (2, "DEBIT", Decimal("250.50"), Decimal("749.50"))
        assert chain(payee) == [(1, "CREDIT", Decimal("250.50"), Decimal("250.50"))]
        assert Posting.objects.filter(entry_id=posted.entry_id).count() == 2

    @pytest.mark.proves("LG03", "LG19")
    def test_is_a_row_of_number_account_type_amount_time_and_what_became_of_it(self):
        account = LedgerAccountFactory()
        stands, undone = put_in(account, "5", reference="row:1"), put_in(account, "7")
        mirror = undo(undone.entry_id)

        rows = Posting.objects.filter(account=account).order_by("sequence").values_list(
            "entry_id", "account_id", "entry__kind", "amount", "entry__at",
            "entry__reversed_by", "entry__reverses",
        )  # fmt: skip

        assert list(rows) == [
            (stands.entry_id, account.pk, "CASH_DEPOSIT", 5, NOON, None, None),
            (undone.entry_id, account.pk, "CASH_DEPOSIT", 7, NOON, mirror.entry_id, None),
            (mirror.entry_id, account.pk, "REVERSAL", 7, NOON, None, undone.entry_id),
        ]
        assert Entry.objects.get(reference="row:1").pk == stands.entry_id

    def test_keeps_who_asked_what_for_and_when(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()

        posted = send(
            payer, payee, "3", owner="customer:17", reference="transfer:9", actor=AMINA,
            memo="Rent", source="payments.transfer:9", branch="002", receipt_no="MV-0000009",
        )  # fmt: skip

        entry = Entry.objects.get(pk=posted.entry_id)
        assert (entry.owner, entry.reference) == ("customer:17", "transfer:9")
        assert (entry.kind, entry.memo, entry.branch) == ("INTERNAL_TRANSFER", "Rent", "002")
        assert (entry.receipt_no, entry.source) == ("MV-0000009", "payments.transfer:9")
        assert (entry.actor, entry.at, entry.legs) == ("CUSTOMER:17", NOON, 2)
        assert entry.business_date == entry.value_date == calendar.business_date()
        assert posted.business_date == entry.business_date
        assert not posted.is_replay

    def test_numbers_the_postings_of_an_account_without_a_gap(self):
        account = LedgerAccountFactory()
        for amount in ("10", "20", "30"):
            put_in(account, amount)
            with pytest.raises(InsufficientFunds), transaction.atomic():
                take_out(account, "1000")
        take_out(account, "60")

        assert [row[0] for row in chain(account)] == [1, 2, 3, 4]
        assert [row[3] for row in chain(account)] == [10, 30, 60, 0]
        assert account.standing.sequence == 4

    def test_may_touch_an_account_twice_in_the_order_of_its_lines(self):
        account, cash = LedgerAccountFactory(), chart.line("1020")

        post(
            credit(account, kes(100)), debit(account, kes(30)),
            debit(cash, kes(100)), credit(cash, kes(30)),
        )  # fmt: skip

        assert [row[3] for row in chain(account)] == [100, 70]

    def test_writes_its_audit_and_outbox_rows_in_the_same_call(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()

        posted = send(
            payer, payee, "3", actor=AMINA,
            audit=[Audit("transfer.sent", "payments.transfer:9", {"to": "…0013"}), Audit("seen")],
            outbox=[Event("transfer.paid", {"transfer": 9})],
        )  # fmt: skip

        told = AuditEntry.objects.filter(actor="CUSTOMER:17").order_by("id")
        event = OutboxMessage.objects.get(event="transfer.paid")
        assert [(row.deed, row.subject) for row in told] == [
            ("transfer.sent", "payments.transfer:9"),
            ("seen", f"ledger.entry:{posted.entry_id}"),
        ]
        assert told[0].detail == {"to": "…0013"}
        assert event.payload == {"transfer": 9, "entry": posted.entry_id}
        assert (event.state, event.attempts) == ("PENDING", 0)

    @pytest.mark.proves("LG09")
    def test_that_is_refused_leaves_no_trace(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        before = Entry.objects.count(), AuditEntry.objects.count(), OutboxMessage.objects.count()

        with pytest.raises(InsufficientFunds), transaction.atomic():
            send(payer, payee, "10.01", audit=[Audit("sent")], outbox=[Event("transfer.paid")])

        after = Entry.objects.count(), AuditEntry.objects.count(), OutboxMessage.objects.count()
        assert after == before
        assert (payer.money, payee.money) == (kes(10), kes(0))


class TestAReference:
    def test_gives_the_same_entry_for_the_same_facts(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        first = send(payer, payee, "3", reference="intent:1", memo="Rent")

        again = send(payer, payee, "3.00", reference="intent:1", memo="Rent")

        assert again.entry_id == first.entry_id
        assert (first.is_replay, again.is_replay) == (False, True)
        assert payer.money == kes(7)
        assert Posting.objects.filter(entry_id=first.entry_id).count() == 2

    def test_is_answered_even_when_the_money_is_gone_by_then(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        first = send(payer, payee, "10", reference="intent:2")
        ledger_accounts.freeze(payer, reason="court order", actor=SYSTEM)

        again = send(payer, payee, "10", reference="intent:2")

        assert (again.entry_id, again.is_replay) == (first.entry_id, True)

    def test_tells_its_audit_and_outbox_rows_once(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        for _ in range(3):
            send(
                payer, payee, "3", reference="intent:3",
                audit=[Audit("once.told", "test:3")], outbox=[Event("once.told")],
            )  # fmt: skip

        assert AuditEntry.objects.filter(deed="once.told").count() == 1
        assert OutboxMessage.objects.filter(event="once.told").count() == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"amount": "4"},
            {"memo": "Food"},
            {"kind": "FEE"},
            {"value_date": "yesterday"},
            {"payee": "another"},
            {"turned": True},
        ],
        ids=lambda other: next(iter(other)),
    )
    def test_is_refused_for_other_facts(self, other):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory(balance="10")
        send(payer, payee, "3", reference="intent:4", memo="Rent")
        facts = {"amount": "3", "reference": "intent:4", "memo": "Rent"} | other
        if facts.pop("turned", False):
            payer, payee = payee, payer
        if facts.pop("payee", None):
            payee = LedgerAccountFactory()
        if facts.get("value_date"):
            facts["value_date"] = calendar.business_date() - timedelta(days=1)

        with pytest.raises(ReferenceReused) as refused, transaction.atomic():
            send(payer, payee, **facts)

        assert refused.value.status == 422

    def test_of_another_owner_never_matches(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        first = send(payer, payee, "3", owner="customer:1", reference="same")

        second = send(payer, payee, "3", owner="customer:2", reference="same")

        assert second.entry_id != first.entry_id
        assert payer.money == kes(4)

    def test_of_a_refused_entry_is_still_free(self):
        payer, payee = LedgerAccountFactory(balance="1"), LedgerAccountFactory()
        with pytest.raises(InsufficientFunds), transaction.atomic():
            send(payer, payee, "3", reference="intent:5")
        put_in(payer, "9")

        assert not send(payer, payee, "4", reference="intent:5").is_replay


class TestAValueDate:
    def test_may_lie_back_as_far_as_the_period_is_open(self):
        account = LedgerAccountFactory()
        opened = calendar.business_date().replace(day=1)

        posted = put_in(account, "5", value_date=opened)

        entry = Entry.objects.get(pk=posted.entry_id)
        assert (entry.value_date, entry.business_date) == (opened, calendar.business_date())

    @pytest.mark.parametrize("days", [1, 30, 3650])
    def test_never_lies_ahead(self, days):
        account = LedgerAccountFactory()
        ahead = calendar.business_date() + timedelta(days=days)

        with pytest.raises(ValueDateNotOpen) as refused, transaction.atomic():
            put_in(account, "5", value_date=ahead)

        assert refused.value.facts["value_date"] == ahead.isoformat()
        assert refused.value.facts["business_date"] == calendar.business_date().isoformat()

    def test_never_lies_in_a_closed_period(self):
        account = LedgerAccountFactory()
        closed = calendar.business_date().replace(day=1) - timedelta(days=1)

        with pytest.raises(ValueDateNotOpen), transaction.atomic():
            put_in(account, "5", value_date=closed)

    def test_does_not_stop_a_replay(self):
        account = LedgerAccountFactory()
        day = calendar.business_date()
        put_in(account, "5", value_date=day, reference="dated:1")

        assert put_in(account, "5", value_date=day, reference="dated:1").is_replay


class TestFunds:
    def test_can_be_taken_to_the_last_cent_and_no_further(self):
        account = LedgerAccountFactory(balance="100.01")
        take_out(account, "100")

        with pytest.raises(InsufficientFunds) as refused, transaction.atomic():
            take_out(account, "0.02")
        take_out(account, "0.01")

        assert refused.value.facts["available"] == kes("0.01")
        assert refused.value.facts["required"] == kes("0.02")
        assert refused.value.facts["deficit"] == kes("0.01")
        assert refused.value.envelope() == {
            "status_code": 400,
            "error_code": "INSUFFICIENT_FUNDS",
            "message": "You have KES 0.01. This needs KES 0.02, which is KES 0.01 more.",
            "details": refused.value.envelope()["details"],
        }
        assert account.money == kes(0)

    def test_reach_into_the_arranged_overdraft(self):
        account = LedgerAccountFactory(balance="50")
        ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(100), actor=SYSTEM)

        take_out(account, "150")

        assert account.money == kes(-100)
        assert account.available == kes(0)
        with pytest.raises(InsufficientFunds), transaction.atomic():
            take_out(account, "0.01")

    def test_may_fill_an_account_up_to_its_maximum(self):
        account = LedgerAccountFactory(maximum=Decimal(1000))
        put_in(account, "1000")

        with pytest.raises(MaximumBalance) as refused, transaction.atomic():
            put_in(account, "0.01")

        assert refused.value.facts["maximum"] == kes(1000)
        assert account.money == kes(1000)

    def test_of_the_banks_own_lines_may_stand_on_either_side(self):
        suspense = chart.line("2450")
        before = chart.line_balance(suspense)

        post(debit(suspense, kes(7)), credit(chart.line("1020"), kes(7)))

        assert chart.line_balance(suspense) == before - kes(7)


class TestAFrozenAccount:
    def test_pays_nothing_out_but_takes_in_when_debits_are_frozen(self):
        account, other = LedgerAccountFactory(balance="10"), LedgerAccountFactory(balance="10")
        ledger_accounts.freeze(account, reason="dispute", actor=SYSTEM, credits=False)

        with pytest.raises(AccountFrozen) as refused, transaction.atomic():
            send(account, other, "1")
        send(other, account, "1")

        assert refused.value.status == 423
        assert account.code in str(refused.value)
        assert account.money == kes(11)

    def test_takes_nothing_in_when_credits_are_frozen(self):
        account, other = LedgerAccountFactory(balance="10"), LedgerAccountFactory(balance="10")
        ledger_accounts.freeze(account, reason="deceased", actor=SYSTEM, debits=False)

        with pytest.raises(AccountFrozen), transaction.atomic():
            send(other, account, "1")
        send(account, other, "1")

    def test_moves_again_when_it_is_let_go(self):
        account, other = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        ledger_accounts.freeze(account, reason="dispute", actor=SYSTEM)
        ledger_accounts.unfreeze(account, reason="settled", actor=SYSTEM)

        send(account, other, "10")

        assert account.money == kes(0)

    def test_says_frozen_and_not_how_much_it_holds(self):
        account, other = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        ledger_accounts.freeze(account, reason="dispute", actor=SYSTEM)

        with pytest.raises(AccountFrozen) as refused, transaction.atomic():
            send(account, other, "10000")

        assert "10.00" not in str(refused.value)


class TestAClosedAccount:
    def test_neither_pays_nor_takes(self):
        account, other = LedgerAccountFactory(), LedgerAccountFactory(balance="10")
        ledger_accounts.close(account, actor=SYSTEM)

        for payer, payee in [(account, other), (other, account)]:
            with pytest.raises(AccountClosed) as refused, transaction.atomic():
                send(payer, payee, "1")
            assert refused.value.status == 409


class TestWhatIsNoEntry:
    """Bugs of a caller: they never look like a refusal to a customer."""

    def refuse(self, *lines):
        with pytest.raises(Unbalanced), transaction.atomic():
            post(*lines)

    def test_is_one_that_does_not_balance(self):
        account = LedgerAccountFactory(balance="10")
        self.refuse(debit(account, kes(5)), credit(chart.line("1020"), kes(4)))

    def test_is_one_with_a_single_leg_or_none(self):
        self.refuse(debit(chart.line("1020"), kes(5)))
        self.refuse()

    def test_is_one_that_balances_only_across_currencies(self):
        account = LedgerAccountFactory(balance="10")
        dollars = Line("CREDIT", chart.line("1020").pk, Money(Decimal(5), "USD"))
        self.refuse(debit(account, kes(5)), dollars)

    def test_is_one_in_a_currency_that_its_accounts_do_not_keep(self):
        account, cash = LedgerAccountFactory(balance="10"), chart.line("1020")
        five = Money(Decimal(5), "USD")
        self.refuse(debit(account, five), credit(cash, five))

    @pytest.mark.parametrize("amount", ["0", "-5"])
    def test_is_one_that_moves_nothing_or_less(self, amount):
        account, cash = LedgerAccountFactory(balance="10"), chart.line("1020")
        self.refuse(debit(account, kes(amount)), credit(cash, kes(amount)))
        self.refuse(debit(cash, kes(amount)), credit(account, kes(amount)))

    def test_is_one_on_a_control_line(self):
        self.refuse(debit(chart.line("1020"), kes(5)), credit(chart.line("2050"), kes(5)))

    def test_is_one_on_an_account_that_is_not_there(self):
        nobody = Line("CREDIT", 999_999_999, kes(5))
        self.refuse(debit(chart.line("1020"), kes(5)), nobody)

    def test_is_one_with_a_side_that_is_none(self):
        account = LedgerAccountFactory(balance="10")
        self.refuse(
            Line("LEFT", account.pk, kes(5)),
            debit(chart.line("1020"), kes(5)), credit(chart.line("1010"), kes(10)),
        )  # fmt: skip
