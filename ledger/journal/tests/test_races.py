"""
Thirty-two at once, each with a connection of its own, let go by one barrier. Asserted is how the
books stand afterwards: exactly what the balance allows, and no deadlock reached anybody.
"""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Max, Min, Sum

from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.calendar.models import BusinessDay
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import LedgerAccountFactory, post, put_in, send, take_out, undo
from ledger.journal.lines import Audit, Count, Event, credit, debit
from ledger.journal.models import Entry, Posting
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    AccountNotEmpty,
    AlreadyReversed,
    InsufficientFunds,
    LimitExceeded,
    MaximumBalance,
    ReferenceReused,
)
from ledger.tests.racing import at_once, refused
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 32
TODAY = date(2026, 11, 21)


def kinds(results):
    return {type(refusal) for refusal in refused(results)}


class TestOneBalance:
    @pytest.mark.proves("LG01", "LG18", "MV22")
    def test_pays_exactly_what_it_holds(self):
        payer = LedgerAccountFactory(balance="1000")
        payees = [LedgerAccountFactory() for _ in range(THREADS)]

        results = at_once(THREADS, lambda n: send(payer, payees[n], "100"))

        assert len(results) - len(refused(results)) == 10
        assert kinds(results) == {InsufficientFunds}
        assert payer.money == kes(0)
        assert sum(payee.money.amount for payee in payees) == 1000
        assert payer.standing.sequence == 11

    def test_gives_out_the_odd_cents_too(self):
        payer = LedgerAccountFactory(balance="100")

        results = at_once(THREADS, lambda n: [take_out(payer, "33.33")])

        assert len(results) - len(refused(results)) == 3
        assert payer.money == kes("0.01")

    def test_never_takes_more_than_its_maximum(self):
        payee = LedgerAccountFactory(maximum=Decimal(1000))

        results = at_once(THREADS, lambda n: put_in(payee, "100"))

        assert len(refused(results)) == THREADS - 10
        assert kinds(results) == {MaximumBalance}
        assert payee.money == kes(1000)

    def test_keeps_one_chain_without_a_gap(self):
        account = LedgerAccountFactory(balance="3200")

        at_once(THREADS, lambda n: (put_in if n % 2 else take_out)(account, "10"))

        rows = Posting.objects.filter(account=account).order_by("sequence")
        assert [row.sequence for row in rows] == list(range(1, THREADS + 2))
        assert account.money == kes(3200) == kes(rows.last().balance_after)


class TestOneLimit:
    @pytest.mark.proves("MV35")
    def test_lets_through_exactly_its_cap(self):
        payer, payee = LedgerAccountFactory(balance="100000"), LedgerAccountFactory()
        limits = [
            Count(f"race:{payer.pk}", "DAILY_OUT", TODAY, Decimal(100), Decimal(1000)),
            Count(f"race:{payer.pk}", "MONTHLY_OUT", TODAY, Decimal(100), Decimal(5000)),
        ]

        results = at_once(
            THREADS, lambda n: send(payer, payee, "100", counts=limits[:: 1 if n % 2 else -1])
        )

        assert len(results) - len(refused(results)) == 10
        assert kinds(results) == {LimitExceeded}
        assert payee.money == kes(1000)
        for limit in limits:
            used = chart.used(owner_ref=limit.owner_ref, kind=limit.kind, period_start=TODAY)
            assert used == 1000

    def test_is_right_when_payments_and_reversals_meet(self):
        payer, payee = LedgerAccountFactory(balance="100000"), LedgerAccountFactory(balance="9000")
        limit = Count(f"race:{payer.pk}", "DAILY_OUT", TODAY, Decimal(100), Decimal(100000))
        paid = [send(payer, payee, "100", counts=[limit]).entry_id for _ in range(THREADS // 2)]

        def deed(n):
            return undo(paid[n // 2]) if n % 2 else send(payer, payee, "100", counts=[limit])

        assert not refused(at_once(THREADS, deed))
        used = chart.used(owner_ref=limit.owner_ref, kind="DAILY_OUT", period_start=TODAY)
        assert used == 1600
        assert payee.money == kes(9000 + 1600)


class TestOneReference:
    def test_is_posted_once_and_all_get_the_same_entry(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()
        told = f"race.{payer.pk}"

        results = at_once(
            THREADS,
            lambda n: send(
                payer, payee, "100", reference=f"race:{payer.pk}",
                audit=[Audit(told)], outbox=[Event(told)],
            ),
        )  # fmt: skip

        assert len({posted.entry_id for posted in results}) == 1
        assert sum(not posted.is_replay for posted in results) == 1
        assert payee.money == kes(100)
        assert AuditEntry.objects.filter(deed=told).count() == 1
        assert OutboxMessage.objects.filter(event=told).count() == 1

    def test_stands_for_one_of_two_intents(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()

        results = at_once(
            THREADS, lambda n: send(payer, payee, 100 + n % 2, reference=f"race2:{payer.pk}")
        )

        assert kinds(results) == {ReferenceReused}
        assert len(refused(results)) == THREADS // 2
        assert Entry.objects.filter(reference=f"race2:{payer.pk}").count() == 1
        assert payee.money in (kes(100), kes(101))

    def test_of_a_deed_that_rolls_back_goes_to_the_next(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory()

        def deed(n):
            try:
                with transaction.atomic():
                    posted = send(payer, payee, "100", reference=f"race3:{payer.pk}")
                    if n % 2:
                        raise ZeroDivisionError
                    return posted
            except ZeroDivisionError:
                return None

        results = [posted for posted in at_once(THREADS, deed) if posted]

        assert len({posted.entry_id for posted in results}) == 1
        assert payee.money == kes(100)


class TestOneEntry:
    @pytest.mark.proves("LG17")
    def test_is_reversed_once(self):
        payer, payee = LedgerAccountFactory(balance="1000"), LedgerAccountFactory(balance="9000")
        posted = send(payer, payee, "100")

        results = at_once(THREADS, lambda n: undo(posted.entry_id))

        assert kinds(results) == {AlreadyReversed}
        assert len(refused(results)) == THREADS - 1
        assert (payer.money, payee.money) == (kes(1000), kes(9000))
        assert Entry.objects.filter(reverses_id=posted.entry_id).count() == 1

    def test_is_not_reversed_out_of_money_that_is_being_spent(self):
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        elsewhere = LedgerAccountFactory()
        posted = send(payer, payee, "100")

        def deed(n):
            return undo(posted.entry_id) if n == 0 else send(payee, elsewhere, "10")

        results = at_once(THREADS, deed)

        spent = elsewhere.money.amount
        is_undone = not isinstance(results[0], InsufficientFunds)
        assert (payer.money.amount, payee.money.amount, spent) in (
            {(100, 0, 0)} if is_undone else {(0, 100 - spent, spent)}
        )
        assert is_undone or spent == 100


class TestFreezeAndClose:
    def test_let_nothing_out_after_the_freeze(self):
        payer, payee = LedgerAccountFactory(balance="3200"), LedgerAccountFactory()

        def deed(n):
            if n == THREADS // 2:
                return ledger_accounts.freeze(payer, reason="race", actor=SYSTEM)
            return send(payer, payee, "100")

        results = at_once(THREADS, deed)

        assert kinds(results) <= {AccountFrozen}
        paid = len(results) - len(refused(results)) - 1
        assert payer.money == kes(3200 - 100 * paid)
        with pytest.raises(AccountFrozen):
            send(payer, payee, "100")

    def test_close_an_account_only_when_it_is_empty(self):
        payer, payee = LedgerAccountFactory(balance="1600"), LedgerAccountFactory()

        def deed(n):
            if n % 2:
                return ledger_accounts.close(payer, actor=SYSTEM)
            return send(payer, payee, "100")

        results = at_once(THREADS, deed)

        assert kinds(results) <= {AccountNotEmpty, AccountClosed}
        assert payee.money == kes(1600)
        payer.refresh_from_db()
        closings = sum(result is None for result in results)
        assert closings == (1 if payer.closed_date else 0)
        assert payer.money == kes(0)

    def test_terms_never_leave_an_account_below_its_overdraft(self):
        account = LedgerAccountFactory(balance="100")
        ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(1000), actor=SYSTEM)

        def deed(n):
            if n % 4 == 0:
                return ledger_accounts.set_terms(
                    account, maximum=None, overdraft=Decimal(n * 10), actor=SYSTEM
                )
            return take_out(account, "100")

        results = at_once(THREADS, deed)

        assert kinds(results) <= {InsufficientFunds}
        assert account.standing.balance >= -account.standing.overdraft


class TestBothDirections:
    def test_on_few_accounts_and_hot_lines_deadlock_nobody(self):
        accounts = [LedgerAccountFactory(balance="10000") for _ in range(4)]
        fees, duty = chart.line("4110"), chart.line("2210")
        before = chart.line_balance(fees)

        def deed(n):
            rnd = random.Random(n)
            done = 0
            for _ in range(12):
                payer, payee = rnd.sample(accounts, 2)
                amount = kes(rnd.randint(1, 500))
                post(
                    credit(fees, kes("0.87")), credit(duty, kes("0.13")), debit(payer, kes(1)),
                    credit(payee, amount), debit(payer, amount),
                )  # fmt: skip
                done += 1
            return done

        results = at_once(THREADS, deed)

        assert not refused(results)
        assert sum(results) == THREADS * 12
        assert chart.line_balance(fees) - before == kes(Decimal("0.87") * THREADS * 12)
        held = sum(account.money.amount for account in accounts)
        assert held == 40000 - THREADS * 12

    def test_in_deeds_of_several_entries_leave_the_sum_alone(self):
        """Two entries in one transaction may meet crosswise; the deed then runs again."""
        from wekeza.kit.db import deed as whole

        one, two = LedgerAccountFactory(balance="10000"), LedgerAccountFactory(balance="10000")

        @whole
        def swap(first, second):
            send(first, second, "10")
            return send(second, first, "10")

        def deed(n):
            return swap(one, two) if n % 2 else swap(two, one)

        assert not refused(at_once(THREADS, deed))
        assert (one.money, two.money) == (kes(10000), kes(10000))


class TestTheBusinessDate:
    def test_never_moves_under_an_entry(self, empty_bank):
        first = calendar_queries.business_date()
        accounts = [LedgerAccountFactory(balance="100000") for _ in range(8)]
        days = 4

        def deed(n):
            if n == 0:
                return [
                    (calendar.roll(from_date=first + timedelta(days=day), actor=SYSTEM),
                     BusinessDay.objects.get().updated_at)
                    for day in range(days)
                ]  # fmt: skip
            rnd = random.Random(n)
            for _ in range(15):
                send(*rnd.sample(accounts, 2), rnd.randint(1, 50))
            return None

        opened = at_once(THREADS, deed)[0]

        assert [day for day, _ in opened] == [first + timedelta(days=n + 1) for n in range(days)]
        for day, moment in opened:
            early = Entry.objects.filter(business_date__lt=day).aggregate(at=Max("recorded_at"))
            late = Entry.objects.filter(business_date__gte=day).aggregate(at=Min("recorded_at"))
            assert early["at"] <= moment
            assert late["at"] is None or moment <= late["at"]
        torn = Posting.objects.exclude(business_date=F("entry__business_date"))
        assert not torn.exists()
        assert all(proof.holds for proof in proofs.prove())

    def test_is_moved_once_by_many_at_once(self, empty_bank):
        first = calendar_queries.business_date()

        results = at_once(8, lambda n: calendar.roll(from_date=first, actor=SYSTEM))

        assert len(refused(results)) == 7
        assert calendar_queries.business_date() == first + timedelta(days=1)


class TestTheWholeBank:
    @pytest.mark.proves("LG01")
    def test_keeps_its_total_at_every_moment(self):
        """Whoever looks sees one moment: what the accounts hold together never changes."""
        accounts = [LedgerAccountFactory(balance="1000") for _ in range(6)]
        ids = [account.pk for account in accounts]

        def total():
            rows = chart.Balance.objects.filter(account_id__in=ids)
            return rows.aggregate(total=Sum("balance"))["total"]

        def deed(n):
            rnd = random.Random(n)
            if n % 4 == 0:
                return [total() for _ in range(20)]
            for _ in range(12):
                send(*rnd.sample(accounts, 2), rnd.randint(1, 20))
            return []

        seen = at_once(THREADS, deed)

        assert {amount for looks in seen for amount in looks} == {6000}
