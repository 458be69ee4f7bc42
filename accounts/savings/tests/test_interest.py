"""What savings earn: the day, its base, corrections, and the payment at the month's end."""

import threading
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.factories import DepositAccountFactory, SavingsAccountFactory
from accounts.savings import operations as savings
from accounts.savings.models import InterestAccrual, InterestJournal, InterestPayment
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.factories import put_in, take_out
from ledger.journal.models import Entry, Posting
from ledger.money import kes
from ledger.tests.racing import at_once
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def accrue(day=None, *, account=None, late_from=None, back_from=0):
    day = day or calendar.business_date()
    first = last = account.ledger_account_id if account else None
    after = calendar.ends_at(day)
    return savings.accrue(
        day=day,
        moment=after,
        late_from=late_from or calendar_operations.cut_off(day=day, moment=after, after=back_from),
        back_from=back_from,
        first=first or 0,
        last=last or 2**60,
    )


def earned(account, day=None):
    rows = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
    if day:
        rows = rows.filter(for_day=day)
    return sum((row.amount for row in rows), Decimal(0))


def roll():
    day = calendar.business_date()
    calendar_operations.roll(from_date=day, actor=SYSTEM)
    return calendar.business_date()


def pay(account, **facts):
    usual = {
        "day": calendar.business_date(),
        "first": account.ledger_account_id,
        "last": account.ledger_account_id,
        "actor": SYSTEM,
        "at": calendar.ends_at(calendar.business_date()),
    }
    return savings.pay(**usual | facts)


def book(day=None):
    day = day or calendar.business_date()
    after = calendar.ends_at(day)
    return savings.book(
        day=day,
        late_from=calendar_operations.cut_off(day=day, moment=after, after=0),
        actor=SYSTEM,
        at=after,
    )


class TestADay:
    @pytest.mark.proves("SV24")
    def test_earns_one_percent_a_year_on_its_closing_balance(self):
        account = SavingsAccountFactory(balance="100000")

        assert accrue(account=account) == 1

        [row] = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
        assert row.base == Decimal(100_000)
        assert row.amount == Decimal("2.739726")  # 100,000 × 1% ÷ 365.
        assert (row.annual_percent, row.days_in_year) == (Decimal(1), 365)

    @pytest.mark.proves("SV24")
    @pytest.mark.parametrize(
        ("balance", "amount"), [("1000", "0.027397"), ("1000.01", "0.027398"), ("999.99", "0")]
    )
    def test_earns_nothing_below_a_thousand(self, balance, amount):
        account = SavingsAccountFactory(balance="2000")
        left = Decimal(2000) - Decimal(balance)
        take_out(account.ledger_account, left, is_below_minimum=True)

        accrue(account=account)

        [row] = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
        assert (row.base, row.amount) == (Decimal(balance), Decimal(amount))

    def test_is_worked_out_once_however_often_it_is_asked(self):
        account = SavingsAccountFactory(balance="100000")

        assert [accrue(account=account), accrue(account=account)] == [1, 0]
        assert earned(account) == Decimal("2.739726")

    def test_of_an_everyday_account_earns_nothing(self):
        account = DepositAccountFactory(balance="100000")

        assert accrue(account=account) == 0

    def test_ends_at_midnight_by_the_clock_and_not_when_its_close_is_run(self):
        account, day = SavingsAccountFactory(balance="100000"), calendar.business_date()
        after = calendar.ends_at(day)
        put_in(account.ledger_account, "1", at=after - timedelta(seconds=1))
        put_in(account.ledger_account, "50000", at=after)
        take_out(account.ledger_account, "90000", at=after + timedelta(hours=30))

        accrue(account=account)

        [row] = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
        assert row.base == Decimal(100_001)

    def test_that_was_missed_is_made_up_on_the_balance_of_its_own_end(self):
        account, first = SavingsAccountFactory(balance="10000"), calendar.business_date()
        for days in range(3):  # Customers went on; the night's work did not run.
            at = calendar.ends_at(first) + timedelta(days=days, hours=3)
            put_in(account.ledger_account, "1000", at=at)
        cuts = [0]
        for days in range(3):
            day = first + timedelta(days=days)
            cut = calendar_operations.cut_off(day=day, moment=calendar.ends_at(day), after=cuts[-1])
            accrue(day, account=account, late_from=cut, back_from=cuts[-1])
            cuts.append(cut)
            roll()

        rows = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
        assert [row.base for row in rows.order_by("for_day")] == [10_000, 11_000, 12_000]

    def test_that_is_not_the_open_one_is_refused(self):
        SavingsAccountFactory(balance="10000")

        with pytest.raises(calendar_operations.BusinessDateMoved), transaction.atomic():
            accrue(calendar.business_date() - timedelta(days=1), late_from=1)


class TestAnEarlierValueDate:
    def test_changes_what_the_days_between_earned(self):
        account, first = SavingsAccountFactory(balance="100000"), calendar.business_date()
        accrue(account=account)
        cut = calendar_operations.cut_off(day=first, moment=calendar.ends_at(first), after=0)
        second = roll()
        put_in(account.ledger_account, "50000", value_date=first)

        accrue(second, account=account, back_from=cut)

        assert earned(account, first) == Decimal("4.109589")  # As if 150,000 had been there.
        assert earned(account, second) == Decimal("4.109589")
        fix = InterestAccrual.objects.get(
            account_id=account.ledger_account_id, for_day=first, booked_on=second
        )
        assert (fix.base, fix.amount) == (Decimal(150_000), Decimal("1.369863"))

    def test_may_take_a_day_below_the_least_balance(self):
        account, first = SavingsAccountFactory(balance="1500"), calendar.business_date()
        accrue(account=account)
        cut = calendar_operations.cut_off(day=first, moment=calendar.ends_at(first), after=0)
        second = roll()
        take_out(account.ledger_account, "600", value_date=first, is_below_minimum=True)

        accrue(second, account=account, back_from=cut)

        assert earned(account, first) == 0
        assert earned(account) == 0

    def test_is_found_once(self):
        account, first = SavingsAccountFactory(balance="100000"), calendar.business_date()
        accrue(account=account)
        cuts = [0, calendar_operations.cut_off(day=first, moment=calendar.ends_at(first), after=0)]
        second = roll()
        put_in(account.ledger_account, "50000", value_date=first)
        accrue(second, account=account, back_from=cuts[1])
        cuts.append(
            calendar_operations.cut_off(day=second, moment=calendar.ends_at(second), after=cuts[1])
        )
        third = roll()
        accrue(third, account=account, back_from=cuts[2])

        assert earned(account, first) == Decimal("4.109589")
        assert earned(account) == Decimal("4.109589") * 3

    def test_before_the_account_was_there_earns_nothing(self):
        first = calendar.business_date()
        roll()
        account = SavingsAccountFactory(balance="1000")
        put_in(account.ledger_account, "50000", value_date=first)

        accrue(account=account)

        assert list(
            InterestAccrual.objects.filter(account_id=account.ledger_account_id).values_list(
                "for_day", flat=True
            )
        ) == [calendar.business_date()]


class TestBooking:
    def test_owes_customers_what_they_earned_to_the_cent(self):
        before = chart.line_balance(chart.line("2110")), chart.line_balance(chart.line("5010"))
        day = calendar.business_date()
        for _ in range(3):
            SavingsAccountFactory(balance="100000")
        accrue()

        booked = book()

        total = sum(InterestAccrual.objects.filter(booked_on=day).values_list("amount", flat=True))
        assert booked.accrued == total
        assert abs(booked.booked - booked.carried_in - total) <= Decimal("0.005")
        owed, expense = (
            chart.line_balance(chart.line("2110")),
            chart.line_balance(chart.line("5010")),
        )
        assert owed - before[0] == expense - before[1] == kes(booked.booked)

    def test_carries_what_is_left_below_a_cent_to_the_next_date(self):
        SavingsAccountFactory(balance="100000")  # 2.739726 a day.
        accrue()
        first = book()
        roll()
        accrue()
        second = book()

        assert second.carried_in == first.carried_out
        assert second.carried_in + second.accrued == second.booked + second.carried_out
        assert abs(second.carried_out) <= Decimal("0.005")

    def test_happens_once_a_date(self):
        SavingsAccountFactory(balance="100000")
        accrue()

        assert book() == book()
        assert InterestJournal.objects.filter(pk=calendar.business_date()).count() == 1


class TestPaying:
    def month(self, account, days):
        for _ in range(days - 1):
            accrue(account=account)
            book()
            roll()
        accrue(account=account)
        book()

    @pytest.mark.proves("SV24")
    def test_credits_the_net_and_keeps_the_tax_back(self):
        account = SavingsAccountFactory(balance="100000")
        self.month(account, 30)
        tax_before = chart.line_balance(chart.line("2220"))

        assert pay(account) == 1

        # 30 × 2.739726 = 82.191780: 82.19 gross, 15% of it is 12.3285, so 12.33 tax, 69.86 net.
        paid = InterestPayment.objects.get(account=account)
        assert (paid.accrued, paid.gross, paid.tax) == (
            Decimal("82.191780"), Decimal("82.19"), Decimal("12.33"),
        )  # fmt: skip
        assert paid.carried_out == Decimal("0.001780")
        assert account.ledger_account.money == kes("100069.86")
        assert chart.line_balance(chart.line("2220")) - tax_before == kes("12.33")
        legs = Posting.objects.filter(entry=paid.entry_id).order_by("line")
        assert [(leg.side, leg.amount) for leg in legs] == [
            ("CREDIT", Decimal("69.86")), ("DEBIT", Decimal("82.19")), ("CREDIT", Decimal("12.33")),
        ]  # fmt: skip

    def test_happens_once(self):
        account = SavingsAccountFactory(balance="100000")
        self.month(account, 2)

        assert [pay(account), pay(account)] == [1, 0]
        assert InterestPayment.objects.filter(account=account).count() == 1

    def test_carries_what_is_below_a_cent_to_the_next_month(self):
        account = SavingsAccountFactory(balance="100000")
        self.month(account, 1)  # 2.739726: 2.74 paid, 0.000274 too much.
        pay(account)
        roll()
        self.month(account, 1)
        pay(account)

        first, second = InterestPayment.objects.filter(account=account).order_by("paid_on")
        assert (first.gross, first.carried_out) == (Decimal("2.74"), Decimal("-0.000274"))
        assert second.carried_in == Decimal("-0.000274")
        assert second.carried_in + second.accrued == second.gross + second.carried_out

    def test_of_less_than_a_cent_writes_no_entry_and_keeps_it(self):
        account = SavingsAccountFactory(balance="1000")
        take_out(account.ledger_account, "1000", is_below_minimum=True)
        self.month(account, 1)

        pay(account)

        paid = InterestPayment.objects.get(account=account)
        assert (paid.gross, paid.entry_id, paid.carried_out) == (0, None, 0)

    def test_reaches_an_account_that_is_frozen_or_full(self):
        account = SavingsAccountFactory(balance="100000")
        self.month(account, 1)
        ledger_accounts.set_terms(
            account.ledger_account, maximum=Decimal(100_000), overdraft=Decimal(0), actor=SYSTEM
        )
        ledger_accounts.freeze(account.ledger_account, reason="court", actor=SYSTEM)

        pay(account)

        assert account.ledger_account.money == kes("100002.33")
        ledger_accounts.set_terms(
            account.ledger_account, maximum=None, overdraft=Decimal(0), actor=SYSTEM
        )

    def test_pays_many_each_by_an_entry_of_its_own(self):
        accounts = [SavingsAccountFactory(balance=f"{n}00000") for n in range(1, 5)]
        accrue()
        book()

        savings.pay(
            day=calendar.business_date(), first=accounts[0].ledger_account_id,
            last=accounts[-1].ledger_account_id, actor=SYSTEM,
            at=calendar.ends_at(calendar.business_date()),
        )  # fmt: skip

        payments = InterestPayment.objects.filter(account__in=accounts).order_by("account")
        assert [one.gross for one in payments] == [
            Decimal("2.74"), Decimal("5.48"), Decimal("8.22"), Decimal("10.96"),
        ]  # fmt: skip
        entries = Entry.objects.filter(pk__in=[one.entry_id for one in payments])
        assert entries.count() == 4
        assert {entry.kind for entry in entries} == {"INTEREST"}


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_accrual_and_payment_at_once_from_many_sides_happen_once(self, empty_bank):
        accounts = [SavingsAccountFactory(balance="100000") for _ in range(4)]
        ids = [account.ledger_account_id for account in accounts]
        day, after = calendar.business_date(), calendar.ends_at(calendar.business_date())
        cut = calendar_operations.cut_off(day=day, moment=after, after=0)

        def deed(number):
            if number % 2:
                return put_in(accounts[0].ledger_account, "5", at=after)
            return savings.accrue(
                day=day, moment=after, late_from=cut, back_from=cut, first=min(ids), last=max(ids)
            )

        done = at_once(8, deed)
        booked = at_once(4, lambda number: book())
        paid = at_once(
            4,
            lambda number: savings.pay(
                day=day, first=min(ids), last=max(ids), actor=SYSTEM, at=after
            ),
        )

        assert sorted(done[::2]) == [0, 0, 0, 4]
        assert [earned(account) for account in accounts] == [Decimal("2.739726")] * 4
        assert len({row.entry_id for row in booked}) == 1
        assert sorted(one for one in paid if isinstance(one, int)) == [0, 0, 0, 4]
        assert InterestPayment.objects.filter(account__in=accounts).count() == 4

    def test_whoever_accrues_all_while_others_accrue_some_writes_the_rest(self, empty_bank):
        accounts = [SavingsAccountFactory(balance="100000") for _ in range(6)]
        ids = sorted(account.ledger_account_id for account in accounts)
        day, after = calendar.business_date(), calendar.ends_at(calendar.business_date())
        cut = calendar_operations.cut_off(day=day, moment=after, after=0)
        # The month's part is made before: it is one worker's, and others would wait for it.
        savings.accrue(day=day, moment=after, late_from=cut, back_from=cut, first=0, last=0)
        written = threading.Semaphore(0)

        def accrue_some(number):
            """Five hold an account each until the sixth waits for them, and end one by one."""
            if number == 5:
                for _ in range(5):
                    assert written.acquire(timeout=30)
            first, last = (ids[0], ids[-1]) if number == 5 else (ids[number],) * 2
            with transaction.atomic():
                try:
                    return savings.accrue(
                        day=day, moment=after, late_from=cut, back_from=cut, first=first, last=last
                    )
                finally:
                    written.release()
                    time.sleep(0.3 + 0.2 * number)

        assert sorted(at_once(6, accrue_some)) == [1] * 6
        assert [earned(account) for account in accounts] == [Decimal("2.739726")] * 6


class TestWhatTheApplicationMayWrite:
    @pytest.mark.parametrize("table", ["accounts_interestaccrual", "accounts_interestpayment"])
    def test_is_no_interest(self, table):
        SavingsAccountFactory(balance="100000")
        accrue()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass",
                [table],
            )
            parts = [table, *(name for (name,) in cursor.fetchall())]
        for part in parts:
            for statement in (
                f"INSERT INTO {part} SELECT * FROM {part} LIMIT 0",
                f"UPDATE {part} SET account_id = 1",
                f"DELETE FROM {part}",
                f"TRUNCATE {part}",
            ):
                refused = pytest.raises(Exception, match="permission denied")
                with refused, transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
