"""Closing a savings account: what it comes to, once, or nothing at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction

from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from accounts.factories import DepositAccountFactory, SavingsAccountFactory, actor_of
from accounts.savings import closing, queries, quotes
from accounts.savings import operations as savings
from accounts.savings.models import InterestAccrual, InterestPayment
from accounts.savings.tests.test_interest import accrue, book, roll
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry
from ledger.factories import place, put_in, send, take_out
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.tests.racing import at_once
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
LINES = ("2110", "2210", "2220", "4160", "5010")


def noon():
    return calendar.ends_at(calendar.business_date()) - timedelta(hours=12)


def everyday_of(account):
    return DepositAccount.objects.get(customer=account.customer, product="10")


def aged(account, *, months):
    """Opened so many months ago."""
    day = calendar.months_after(calendar.business_date(), -months)
    DepositAccount.objects.filter(pk=account.pk).update(opened_date=day)
    account.refresh_from_db()
    return account


def nights(account, count):
    for _ in range(count):
        accrue(account=account)
        book()
        roll()


def close(account, **facts):
    figures = facts.pop("figures", None) or quotes.closing_of(account).figures
    usual = {"actor": actor_of(account.customer), "at": noon()}
    return closing.close(account, figures=figures, **usual | facts)


def lines():
    return {code: chart.line_balance(chart.line(code)).amount for code in LINES}


def moved(before):
    now = lines()
    return {code: now[code] - before[code] for code in LINES if now[code] != before[code]}


def refused(account, kind, **facts):
    """The refusal, and nothing was done."""
    entries = Entry.objects.count()
    with pytest.raises(kind) as refusal:
        close(account, **facts)
    account.refresh_from_db()
    assert account.closed_date is None
    assert Entry.objects.count() == entries
    assert not InterestPayment.objects.filter(account=account).exists()
    return str(refusal.value)


class TestClose:
    @pytest.mark.proves("SV24")
    def test_pays_interest_less_tax_takes_the_fee_and_moves_the_rest(self):
        account = SavingsAccountFactory(balance="100000")
        everyday, before = everyday_of(account), lines()
        nights(account, 10)

        came_to = close(account)

        # 10 × 100,000 × 1% ÷ 365 = 10 × 2.739726 = 27.39726: 27.40, of which 15% are 4.11 of tax.
        # The fee of 500 is 416.67 and 20% of excise, 83.33. So 100,000 + 27.40 - 4.11 - 500.
        assert (came_to.interest, came_to.tax) == (kes("27.40"), kes("4.11"))
        assert (came_to.fee.gross, came_to.fee.duty) == (kes("500"), kes("83.33"))
        assert came_to.arrives == everyday.ledger_account.money == kes("99523.29")
        account.refresh_from_db()
        assert account.ledger_account.money == kes("0")
        assert account.closed_date == calendar.business_date()
        assert moved(before) == {  # Nothing stays owed in 2110.
            "2210": Decimal("83.33"), "2220": Decimal("4.11"), "4160": Decimal("416.67"),
            "5010": Decimal("27.40"),
        }  # fmt: skip
        [told] = AuditEntry.objects.filter(deed="savings.closed")
        assert told.actor == str(actor_of(account.customer))
        assert told.detail["moved"] == "KES 99,523.29"

    def test_costs_nothing_from_the_day_six_months_after_the_opening(self):
        day_before, on_the_day = (SavingsAccountFactory(balance="2000") for _ in range(2))
        aged(on_the_day, months=6)
        aged(day_before, months=6)
        later = day_before.opened_date + timedelta(days=1)
        DepositAccount.objects.filter(pk=day_before.pk).update(opened_date=later)
        day_before.refresh_from_db()

        assert quotes.closing_of(day_before).fee.gross == kes("500")
        assert close(on_the_day).fee.gross == kes("0")
        assert everyday_of(on_the_day).ledger_account.money == kes("2000")

    def test_of_less_than_the_fee_takes_what_is_there(self):
        account = SavingsAccountFactory(balance="2000")
        take_out(account.ledger_account, "1700", is_below_minimum=True)

        came_to = close(account)

        # 300 ÷ 1.2 = 250 of fee and 50 of excise; nothing is left to move.
        assert (came_to.fee.gross, came_to.fee.duty) == (kes("300"), kes("50"))
        assert came_to.arrives == kes("0") and came_to.entry is None
        told = account.customer.user.messages.get(kind="savings_closed").body
        assert "Nothing was left in it" in told and "KES" not in told
        assert everyday_of(account).ledger_account.money == kes("0")

    def test_of_an_empty_account_moves_nothing(self):
        account = SavingsAccountFactory(balance="2000")
        take_out(account.ledger_account, "2000", is_below_minimum=True)

        assert close(account).amounts == (kes("0"),) * 4
        assert account.closed_date == calendar.business_date()

    def test_counts_only_what_was_not_paid_at_the_month_s_end(self):
        account = aged(SavingsAccountFactory(balance="100000"), months=12)
        accrue(account=account)
        book()
        savings.pay(
            day=calendar.business_date(), first=account.ledger_account_id,
            last=account.ledger_account_id, actor=SYSTEM,
            at=calendar.ends_at(calendar.business_date()),
        )  # fmt: skip
        roll()
        accrue(account=account)
        book()
        roll()

        came_to = close(account)

        # Paid: 2.74 of 2.739726, so 0.000274 too much; then 100,002.33 earn 2.739790.
        assert came_to.interest == kes("2.74")
        assert came_to.balance == kes("100002.33")

    def test_counts_an_entry_of_today_that_counts_from_an_earlier_day(self):
        account = aged(SavingsAccountFactory(balance="100000"), months=12)
        first = calendar.business_date()
        nights(account, 3)
        put_in(account.ledger_account, "50000", value_date=first)

        shown = quotes.closing_of(account)
        came_to = close(account)
        accrue()  # The night finds the same entry, and nothing more for a closed account.
        book()

        # Three days as if 150,000 had been there: 3 × 4.109589 = 12.328767.
        assert shown.interest == came_to.interest == kes("12.33")
        assert came_to.balance == kes("150000")

    def test_does_not_ask_back_what_was_paid_too_much(self):
        account = aged(SavingsAccountFactory(balance="100000"), months=12)
        first = calendar.business_date()
        accrue(account=account)
        book()
        savings.pay(
            day=first, first=account.ledger_account_id, last=account.ledger_account_id,
            actor=SYSTEM, at=calendar.ends_at(first),
        )  # fmt: skip
        roll()
        take_out(account.ledger_account, "50000", value_date=first)

        came_to = close(account)

        assert came_to.interest == kes("0")
        assert came_to.arrives == kes("50002.33")

    def test_leaves_no_part_of_a_cent_owed(self):
        account = SavingsAccountFactory(balance="12345.67")
        nights(account, 7)
        close(account)
        book()

        earned = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
        [paid] = InterestPayment.objects.filter(account=account)
        assert paid.carried_out == 0
        assert sum(row.amount for row in earned) == paid.gross
        month = queries.month_of(account, month=calendar.business_date())
        assert month.of_other_months == 0

    def test_is_left_out_of_the_nights_that_come(self):
        account = SavingsAccountFactory(balance="100000")
        nights(account, 2)
        close(account)
        day = calendar.business_date()

        assert accrue(account=account) == 0
        assert savings.pay(
            day=day, first=account.ledger_account_id, last=account.ledger_account_id,
            actor=SYSTEM, at=calendar.ends_at(day),
        ) == 0  # fmt: skip
        assert account not in queries.bearing_accounts(on=day)


class TestOnce:
    def test_asked_again_gives_the_first_outcome(self):
        account = SavingsAccountFactory(balance="100000")
        nights(account, 3)
        figures = quotes.closing_of(account).figures

        first, again = close(account, figures=figures), close(account, figures=figures)

        assert first == again
        assert Entry.objects.filter(reference=f"savings-closing:{account.number}").count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_from_many_sides_at_once(self):
        account = SavingsAccountFactory(balance="100000")
        everyday, figures = everyday_of(account), quotes.closing_of(account).figures

        results = at_once(
            4,
            lambda number: close(
                DepositAccount.objects.get(pk=account.pk), figures=figures, at=noon()
            ),
        )

        assert {result.entry.pk for result in results} == {results[0].entry.pk}
        assert everyday.ledger_account.money == kes("99500")


class TestRaces:
    @pytest.mark.parametrize("what", ["in", "interest", "target"])
    def test_another_figure_than_was_shown_closes_nothing(self, what):
        account = SavingsAccountFactory(balance="100000")
        nights(account, 1)
        figures = quotes.closing_of(account).figures
        if what == "in":
            put_in(account.ledger_account, "0.01")
        elif what == "interest":
            nights(account, 1)
        else:
            deposits.close(everyday_of(account), reason="x", actor=SYSTEM)
            DepositAccountFactory(customer=account.customer, is_another=True)

        words = refused(account, closing.FiguresChanged, figures=figures)

        assert "These are the figures now" in words

    @pytest.mark.django_db(transaction=True)
    def test_money_that_moves_meanwhile_is_in_the_figures_or_nothing_is_closed(self):
        account = SavingsAccountFactory(balance="100000")
        everyday = everyday_of(account)
        put_in(everyday.ledger_account, "1000")
        figures = quotes.closing_of(account).figures

        def one(number):
            if number % 2:
                return send(everyday.ledger_account, account.ledger_account, "10")
            return close(DepositAccount.objects.get(pk=account.pk), figures=figures, at=noon())

        at_once(6, one)

        account.refresh_from_db()
        whole = account.ledger_account.money + everyday.ledger_account.money
        assert whole == (kes("100500") if account.closed_date else kes("101000"))
        assert bool(account.closed_date) == (account.ledger_account.money == kes("0"))

    @pytest.mark.django_db(transaction=True)
    def test_the_close_of_the_day_and_a_closing_never_both_count_a_day(self):
        accounts = [SavingsAccountFactory(balance="100000") for _ in range(4)]
        day, after = calendar.business_date(), calendar.ends_at(calendar.business_date())
        cut = calendar_operations.cut_off(day=day, moment=after, after=0)
        figures = {one.pk: quotes.closing_of(one).figures for one in accounts}
        ids = [one.ledger_account_id for one in accounts]

        def deed(number):
            if number == 0:
                return savings.accrue(
                    day=day, moment=after, late_from=cut, back_from=cut,
                    first=min(ids), last=max(ids),
                )  # fmt: skip
            one = DepositAccount.objects.get(pk=accounts[number - 1].pk)
            return close(one, figures=figures[one.pk], at=noon())

        at_once(5, deed)

        for one in accounts:
            one.refresh_from_db()
            rows = InterestAccrual.objects.filter(account_id=one.ledger_account_id)
            if one.closed_date:
                assert sum(row.amount for row in rows) == 0
            else:
                assert [row.amount for row in rows] == [Decimal("2.739726")]


class TestRefused:
    def test_while_a_hold_stands(self):
        account = SavingsAccountFactory(balance="5000")
        place(account.ledger_account, "700")

        words = refused(account, closing.HoldStands)

        assert words.startswith("KES 700.00 of the KES 5,000.00 in this account is held")

    @pytest.mark.parametrize("only", ["debits", "credits"])
    def test_while_it_is_frozen_in_either_direction(self, only):
        account = SavingsAccountFactory(balance="5000")
        other = "credits" if only == "debits" else "debits"
        deposits.freeze(account, reason="Court", actor=SYSTEM, **{other: False})

        words = refused(account, closing.AccountStopped)

        assert account.ending in words and "Court" not in words

    def test_while_the_customer_is_being_checked(self):
        account = SavingsAccountFactory(balance="5000")
        account.customer.status = "CHECKING"
        account.customer.save()

        assert "checking your details" in refused(account, closing.BeingChecked)

    def test_without_an_everyday_account(self):
        account = SavingsAccountFactory(balance="5000")
        deposits.close(everyday_of(account), reason="x", actor=SYSTEM)

        assert "no open everyday account" in refused(account, closing.NowhereToGo)

    def test_while_the_everyday_account_takes_nothing(self):
        account = SavingsAccountFactory(balance="5000")
        deposits.freeze(everyday_of(account), reason="Court", actor=SYSTEM)

        words = refused(account, closing.TargetTakesNothing)

        assert words.startswith("KES 4,500.00 would go to your everyday account")

    def test_while_the_everyday_account_has_too_little_room(self):
        account = SavingsAccountFactory(balance="5000")
        everyday = everyday_of(account).ledger_account
        ledger_accounts.set_terms(everyday, maximum=Decimal(4000), overdraft=0, actor=SYSTEM)

        words = refused(account, closing.TargetFull)

        assert "may hold up to KES 4,000.00 and has room for KES 4,000.00" in words
        ledger_accounts.set_terms(everyday, maximum=None, overdraft=0, actor=SYSTEM)

    def test_when_the_day_of_the_books_has_ended_by_the_clock(self):
        account = SavingsAccountFactory(balance="5000")

        refused(account, closing.DayEnding, at=calendar.ends_at(calendar.business_date()))

    def test_when_the_close_of_the_day_has_worked_it_out_already(self):
        account = SavingsAccountFactory(balance="5000")
        accrue(account=account)

        refused(account, closing.DayEnding)


class TestTheProof:
    def test_names_a_closed_account_that_is_owed_interest(self):
        account = SavingsAccountFactory(balance="36500")
        with transaction.atomic():
            nights(account, 1)
            take_out(account.ledger_account, "36500", is_below_minimum=True)
            deposits.close(account, reason="Past the operation that pays", actor=SYSTEM)
            [proof] = [
                one
                for one in proofs.prove(since=0, more=settings.PROOFS)
                if one.name.startswith("P21")
            ]
            transaction.set_rollback(True)

        assert proof.faults == [
            (
                f"closed account {account.number}",
                "has 1.000000 of interest that was not paid when it was closed",
            )
        ]
