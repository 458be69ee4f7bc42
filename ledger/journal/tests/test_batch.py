"""Many entries in one call."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.chart.models import Counter
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import LedgerAccountFactory, pay, place, put_in, send, take_out, undo
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, BatchLine, Count, Event
from ledger.journal.models import Batch, Entry, Posting
from ledger.money import Money, kes
from ledger.tests.racing import at_once, refused
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def line(payer, payee, amount, **facts):
    return BatchLine(payer.pk, payee.pk, kes(amount), **facts)


def daily(owner, amount, cap):
    return Count(owner, "DAILY_OUT", calendar.business_date(), Decimal(amount), Decimal(cap))


class TestAllOrNone:
    def test_writes_an_entry_for_each_line(self):
        shop = LedgerAccountFactory(balance="100000")
        staff = [LedgerAccountFactory() for _ in range(3)]

        done = pay(
            *(line(shop, one, 20_000 + n, memo="Wages") for n, one in enumerate(staff)),
            reference="wages:1",
        )

        assert [one.money for one in staff] == [kes("20000"), kes("20001"), kes("20002")]
        assert shop.money == kes("39997")
        assert (len(done.entry_ids), done.refusals, done.is_replay) == (3, {}, False)
        entries = [Entry.objects.get(pk=entry_id) for entry_id in done.entry_ids]
        assert [(one.reference, one.kind, one.memo, one.legs) for one in entries] == [
            (f"wages:1#{n}", "PAYROLL", "Wages", 2) for n in (1, 2, 3)
        ]
        assert {one.business_date for one in entries} == {done.business_date}

    def test_writes_what_single_postings_would_write(self):
        def story():
            return [LedgerAccountFactory(balance="500") for _ in range(3)]

        def postings(accounts):
            return [
                Posting.objects.filter(account=one).order_by("sequence").values_list(
                    "sequence", "side", "amount", "balance_after", "business_date", "line"
                )
                for one in accounts
            ]  # fmt: skip

        by_one, by_batch = story(), story()
        moves = [(0, 1, "100"), (1, 2, "600"), (2, 0, "50.25"), (0, 2, "450.25")]
        for payer, payee, amount in moves:
            send(by_one[payer], by_one[payee], amount)
        pay(*(line(by_batch[payer], by_batch[payee], amount) for payer, payee, amount in moves))

        assert list(map(list, postings(by_one))) == list(map(list, postings(by_batch)))

    def test_is_refused_whole_with_the_first_line_that_is_impossible(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()

        with pytest.raises(journal.InsufficientFunds) as short, transaction.atomic():
            pay(line(payer, payee, "60"), line(payer, payee, "50"), line(payer, payee, "10"))

        assert short.value.facts["line"] == 2
        assert short.value.facts["available"] == kes("40")
        assert short.value.facts["required"] == kes("50")
        assert (payer.money, payee.money) == (kes("100"), kes("0"))

    def test_moves_the_banks_own_lines_too(self):
        clearing, before = chart.line("2440"), chart.line_balance(chart.line("2440"))
        payees = [LedgerAccountFactory() for _ in range(2)]

        pay(*(BatchLine(clearing.pk, payee.pk, kes("75")) for payee in payees))

        assert chart.line_balance(clearing) == before - kes("150")
        undone = Posting.objects.filter(account=clearing).order_by("-entry_id")[:2]
        assert [one.shard for one in undone] == [undone[0].shard] * 2

    def test_takes_a_value_date_of_the_open_period_only(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        today = calendar.business_date()

        with pytest.raises(journal.ValueDateNotOpen), transaction.atomic():
            pay(line(payer, payee, "1"), value_date=today + timedelta(days=1))
        done = pay(line(payer, payee, "1"), value_date=today - timedelta(days=1))
        assert Entry.objects.get(pk=done.entry_ids[0]).value_date == today - timedelta(days=1)

    def test_respects_what_is_held_and_the_minimum(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
        ledger_accounts.set_terms(
            payer, maximum=None, overdraft=Decimal(0), minimum=Decimal(200), actor=SYSTEM
        )
        place(payer, "300")

        with pytest.raises(journal.InsufficientFunds) as short, transaction.atomic():
            pay(line(payer, payee, "500.01"))
        assert short.value.facts["available"] == kes("500")
        pay(line(payer, payee, "500"))

    def test_is_in_the_trail_once_and_tells_once(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()

        done = pay(
            line(payer, payee, "1"), line(payer, payee, "2"),
            audit=[Audit("payroll.paid")], outbox=[Event("payroll.paid")],
        )  # fmt: skip

        assert AuditEntry.objects.filter(subject=f"ledger.batch:{done.batch_id}").count() == 1
        told = OutboxMessage.objects.filter(event="payroll.paid", payload={"batch": done.batch_id})
        assert told.count() == 1

    def test_can_be_reversed_line_by_line(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        count = daily(f"c:{uuid4()}", 30, 50)
        done = pay(line(payer, payee, "30", counts=(count,)), line(payer, payee, "5"))

        undo(done.entry_ids[0])

        assert (payer.money, payee.money) == (kes("95"), kes("5"))
        assert chart.used(
            owner_ref=count.owner_ref, kind=count.kind, period_start=count.period_start
        ) == Decimal(0)


class TestPartial:
    def test_posts_what_is_possible_and_says_why_the_rest_is_not(self):
        payer = LedgerAccountFactory(balance="100")
        good, full, frozen, closed = (
            LedgerAccountFactory(maximum=maximum) for maximum in (None, Decimal(20), None, None)
        )
        ledger_accounts.freeze(frozen, reason="court", actor=SYSTEM)
        ledger_accounts.close(closed, actor=SYSTEM)

        done = pay(
            line(payer, good, "60"), line(payer, full, "20.01"), line(payer, frozen, "1"),
            line(payer, closed, "1"), line(payer, good, "40.01"), line(payer, good, "40"),
            is_partial=True,
        )  # fmt: skip

        assert (good.money, payer.money) == (kes("100"), kes("0"))
        assert [entry_id is not None for entry_id in done.entry_ids] == [
            True, False, False, False, False, True,
        ]  # fmt: skip
        assert {number: type(why) for number, why in done.refusals.items()} == {
            2: journal.MaximumBalance,
            3: journal.AccountFrozen,
            4: journal.AccountClosed,
            5: journal.InsufficientFunds,
        }
        assert str(done.refusals[5]) == (
            "You have KES 40.00. This needs KES 40.01, which is KES 0.01 more."
        )

    def test_lets_later_lines_spend_what_earlier_ones_brought(self):
        first, second, third = (LedgerAccountFactory(balance=b) for b in ("50", "0", "0"))

        done = pay(
            line(second, third, "50"), line(first, second, "50"), line(second, third, "50"),
            is_partial=True,
        )  # fmt: skip

        assert list(done.refusals) == [1]
        assert [one.money for one in (first, second, third)] == [kes("0"), kes("0"), kes("50")]

    def test_counts_limits_line_by_line(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
        owner = f"c:{uuid4()}"

        done = pay(
            *(line(payer, payee, n, counts=(daily(owner, n, 100),)) for n in (60, 50, 40, 1)),
            is_partial=True,
        )

        assert list(done.refusals) == [2, 4]
        assert done.refusals[2].facts["left"] == kes("40")
        assert done.refusals[4].facts["left"] == kes("0")
        assert Counter.objects.get(owner_ref=owner).used == Decimal(100)

    def test_of_a_line_that_fails_takes_nothing_from_its_limit(self):
        payer, payee = LedgerAccountFactory(balance="10"), LedgerAccountFactory()
        owner = f"c:{uuid4()}"

        done = pay(
            line(payer, payee, 60, counts=(daily(owner, 60, 100),)),
            line(payer, payee, 10, counts=(daily(owner, 10, 100),)),
            is_partial=True,
        )

        assert isinstance(done.refusals[1], journal.InsufficientFunds)
        assert Counter.objects.get(owner_ref=owner).used == Decimal(10)

    def test_with_nothing_possible_leaves_the_answer_and_no_entry(self):
        payer, payee = LedgerAccountFactory(), LedgerAccountFactory()

        done = pay(line(payer, payee, 1), is_partial=True)

        assert (done.entry_ids, Batch.objects.get(pk=done.batch_id).posted) == ([None], 0)


class TestAReference:
    def test_asked_again_gives_the_first_result_whatever_happened_since(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        lines = [line(payer, payee, "60"), line(payer, payee, "50")]
        first = pay(*lines, reference="payroll:1", is_partial=True)
        put_in(payer, "1000")

        again = pay(*lines, reference="payroll:1", is_partial=True)

        assert again.is_replay
        assert (again.batch_id, again.entry_ids, again.business_date) == (
            first.batch_id, first.entry_ids, first.business_date,
        )  # fmt: skip
        assert str(again.refusals[2]) == str(first.refusals[2])
        assert payee.money == kes("60")

    @pytest.mark.parametrize("other", ["amount", "order", "memo", "kind", "partial"])
    def test_is_refused_for_other_facts(self, other):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        lines, facts = [line(payer, payee, "1"), line(payer, payee, "2")], {}
        pay(*lines, reference="payroll:2")
        if other == "amount":
            lines[0] = replace(lines[0], money=kes("1.01"))
        elif other == "order":
            lines.reverse()
        elif other == "memo":
            lines[1] = replace(lines[1], memo="bonus")
        else:
            facts = {"kind": {"kind": "OTHER"}, "partial": {"is_partial": True}}[other]

        with pytest.raises(journal.ReferenceReused), transaction.atomic():
            pay(*lines, reference="payroll:2", **facts)
        assert payee.money == kes("3")

    def test_reads_an_amount_with_more_noughts_as_the_same(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        pay(line(payer, payee, "5"), reference="payroll:3")

        again = pay(
            BatchLine(payer.pk, payee.pk, Money(Decimal("5.00"), "KES")), reference="payroll:3"
        )
        assert again.is_replay

    def test_of_a_refused_batch_is_still_free(self):
        payer, payee = LedgerAccountFactory(), LedgerAccountFactory()
        with pytest.raises(journal.InsufficientFunds), transaction.atomic():
            pay(line(payer, payee, "5"), reference="payroll:4")
        put_in(payer, "5")

        assert not pay(line(payer, payee, "5"), reference="payroll:4").is_replay


class TestWhatIsNoBatch:
    def test_is_one_without_lines_or_of_two_currencies(self):
        payer, payee = LedgerAccountFactory(balance="5"), LedgerAccountFactory()

        with pytest.raises(AssertionError):
            pay()
        with pytest.raises(AssertionError):
            pay(line(payer, payee, "1"), BatchLine(payer.pk, payee.pk, Money(Decimal(1), "USD")))

    @pytest.mark.parametrize("kind", ["control", "missing", "itself", "other currency"])
    @pytest.mark.parametrize("is_partial", [True, False])
    def test_is_one_with_a_line_that_is_no_entry(self, kind, is_partial):
        payer = LedgerAccountFactory(balance="5")
        payee_id = {
            "control": chart.line("2010").pk,
            "missing": 10**14,
            "itself": payer.pk,
            "other currency": LedgerAccountFactory().pk,
        }[kind]
        money = Money(Decimal(1), "USD" if kind == "other currency" else "KES")

        with pytest.raises(AssertionError), transaction.atomic():
            pay(BatchLine(payer.pk, payee_id, money), is_partial=is_partial)
        assert payer.money == kes("5")

    def test_is_one_of_too_many_lines(self):
        payer, payee = LedgerAccountFactory(balance="5"), LedgerAccountFactory()

        with pytest.raises(AssertionError):
            pay(*[line(payer, payee, "1")] * 20_001)

    def test_is_not_one_of_ten_thousand(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()

        done = pay(*[line(payer, payee, "0.01")] * 10_000)

        assert (len(done.entry_ids), payee.money) == (10_000, kes("100"))


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_the_same_batch_at_once_happens_once(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        reference = f"race:{uuid4()}"

        results = at_once(8, lambda n: pay(line(payer, payee, "40"), reference=reference))

        assert sorted(one.is_replay for one in results) == [False] + [True] * 7
        assert payee.money == kes("40")

    def test_batches_over_the_same_accounts_in_other_orders_all_get_through(self):
        accounts = [LedgerAccountFactory(balance="100") for _ in range(6)]

        def circle(number):
            ring = accounts[number % 6 :] + accounts[: number % 6]
            if number % 2:
                ring.reverse()
            pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True)) * 5
            return pay(*(line(payer, payee, "7") for payer, payee in pairs))

        results = at_once(8, circle)

        assert not refused(results)
        assert [one.money for one in accounts] == [kes("100")] * 6

    def test_batches_and_single_payments_spend_no_more_than_there_is(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()

        def deed(number):
            if number % 2:
                return take_out(payer, "90")
            return pay(*[line(payer, payee, "30")] * 20, is_partial=True)

        at_once(8, deed)

        assert payer.money >= kes("0")
        assert payer.money < kes("30")
