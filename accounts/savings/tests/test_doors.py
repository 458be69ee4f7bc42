"""The pages of savings, without any script: opening, what is kept there, and why interest came."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from accounts.factories import CustomerFactory, DepositAccountFactory, SavingsAccountFactory
from accounts.savings import operations as savings
from accounts.statements.tests.test_doors import signed_in, text
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.factories import place, put_in, take_out
from ledger.holds.states import HoldKind
from ledger.money import kes
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
SAVE, OPEN = "/save/", "/save/open/"


def form(amount, *, source, reference=None):
    return {"reference": str(reference or uuid4()), "source": source.number, "amount": amount}


def figures_in(page):
    return re.search(r'name="figures" value="([^"]+)"', page.content.decode())[1]


def savings_of(account):
    return DepositAccount.objects.filter(customer=account.customer, product="20")


def close_day(account):
    """Write what the open business date earned, and open the next one."""
    day = calendar.business_date()
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), calendar.NAIROBI)
    late_from = calendar_operations.cut_off(day=day, moment=after, after=0)
    one = account.ledger_account_id
    savings.accrue(
        day=day, moment=after, late_from=late_from, back_from=late_from, first=one, last=one
    )
    return day


class TestOpen:
    @pytest.mark.proves("SV24")
    def test_opens_with_first_money_from_the_everyday_account_without_a_pin(self):
        juma = DepositAccountFactory(balance="5000")
        page = signed_in(juma)

        answer = page.post(OPEN, form("1,500", source=juma))

        [opened] = savings_of(juma)
        shown = text(page.get(SAVE))
        assert (answer.status_code, answer["Location"]) == (303, SAVE)
        assert opened.ledger_account.money == kes("1500")
        assert juma.ledger_account.money == kes("3500")
        assert f"Savings account · {opened.ending}" in shown
        assert "Minimum balance: it stays in the account KES 1,000.00" in shown
        assert "Interest a year 1%" in shown
        assert "Available balance KES 500.00" in shown

    def test_names_what_an_early_closing_costs_before_it_is_opened(self):
        shown = text(signed_in(DepositAccountFactory(balance="5000")).get(OPEN))

        assert "Fee for keeping it None" in shown
        early = shown.partition("Fee for closing it in its first 6 months")[2]
        assert (
            early.split(" How much")[0].strip() == "Excise duty of KES 83.33 is inside KES 500.00"
        )

    def test_two_presses_of_one_form_open_one_account(self):
        juma = DepositAccountFactory(balance="5000")
        page, once = signed_in(juma), form("1500", source=juma)

        first, again = page.post(OPEN, once), page.post(OPEN, once)

        assert (first.status_code, again.status_code) == (303, 303)
        assert savings_of(juma).count() == 1
        assert juma.ledger_account.money == kes("3500")

    @pytest.mark.parametrize(
        ("balance", "amount", "words"),
        [
            ("5000", "999.99", "A savings account is opened with KES 1,000.00 or more."),
            ("1200", "1500", "You have KES 1,200.00. This needs KES 1,500.00"),
            ("5000", "", "Enter the amount in shillings"),
        ],
    )
    def test_is_refused_with_the_figures_and_nothing_stays(self, balance, amount, words):
        juma = DepositAccountFactory(balance=balance)

        refused = signed_in(juma).post(OPEN, form(amount, source=juma))

        assert refused.status_code == 422
        assert words in text(refused)
        assert not savings_of(juma).exists()
        assert juma.ledger_account.money == kes(balance)

    def test_a_frozen_account_pays_no_first_money(self):
        juma = DepositAccountFactory(balance="5000")
        deposits.freeze(juma, reason="Court order 7", actor=SYSTEM)

        refused = signed_in(juma).post(OPEN, form("1500", source=juma))

        assert refused.status_code == 422
        assert "is frozen. No money was moved" in text(refused)
        assert "Court" not in text(refused)
        assert not savings_of(juma).exists()

    def test_may_hold_no_more_than_the_tier_allows(self):
        juma = DepositAccountFactory()
        # A balance from before: what came from outside may stand above the maximum of the tier.
        most = juma.ledger_account.standing.maximum
        ledger_accounts.set_terms(
            juma.ledger_account, maximum=None, overdraft=0, minimum=0, actor=SYSTEM
        )
        put_in(juma.ledger_account, most + 1)

        refused = signed_in(juma).post(OPEN, form(f"{most + 1:.2f}", source=juma))

        assert refused.status_code == 422
        assert f"This account may hold up to KES {most:,.2f}" in text(refused)
        assert not savings_of(juma).exists()
        deposits.follow_tier(juma, actor=SYSTEM, at=datetime.now(calendar.NAIROBI))

    def test_money_of_somebody_else_opens_nothing(self):
        juma, grace = DepositAccountFactory(balance="5000"), DepositAccountFactory(balance="5000")

        refused = signed_in(grace).post(OPEN, form("1500", source=juma))

        assert refused.status_code == 422
        assert juma.ledger_account.money == kes("5000")
        assert not savings_of(grace).exists()

    def test_what_was_typed_outlives_a_lost_session(self):
        juma = DepositAccountFactory(balance="5000")
        page = signed_in(juma)
        page.get(OPEN)
        Session.objects.all().delete()
        cache.clear()

        lost = page.post(OPEN, form("1,555", source=juma))
        page.force_login(juma.customer.user)
        again = page.get(OPEN)

        assert lost["Location"].endswith("why=lost")
        assert 'value="1,555"' in again.content.decode()
        assert not savings_of(juma).exists()


class TestKept:
    def test_links_put_money_in_and_take_it_out_between_own_accounts(self):
        saved = SavingsAccountFactory(balance="3000")
        everyday = DepositAccount.objects.get(customer=saved.customer, product="10")

        page = signed_in(saved).get(SAVE).content.decode()

        send = "/move/transfers/send/"
        assert f'{send}?from={everyday.number}&amp;to={saved.number}"' in page
        assert f'{send}?from={saved.number}&amp;to={everyday.number}"' in page

    @pytest.mark.proves("SV15")
    def test_every_transaction_of_the_savings_account_has_its_history(self):
        saved = SavingsAccountFactory(balance="3000")
        put_in(saved.ledger_account, "250")
        take_out(saved.ledger_account, "120")

        shown = text(signed_in(saved).get("/view/transactions/", {"account": saved.number}))

        for words in ("Opening of a savings account", "+3,000.00", "+250.00", "−120.00"):
            assert words in shown
        assert "3,130.00" in shown

    def test_takes_no_more_queries_for_three_accounts_than_for_one(
        self, django_assert_max_num_queries
    ):
        saved = SavingsAccountFactory(balance="3000")
        DepositAccountFactory(customer=saved.customer, is_another=True)
        page = signed_in(saved)
        page.get(SAVE)

        with django_assert_max_num_queries(6):
            page.get(SAVE)


class TestClosing:
    def test_shows_every_figure_then_closes_and_gives_a_receipt(self):
        saved = SavingsAccountFactory(balance="36500")
        everyday = DepositAccount.objects.get(customer=saved.customer, product="10")
        close_day(saved)
        calendar_operations.roll(from_date=calendar.business_date(), actor=SYSTEM)
        page, address = signed_in(saved), f"{SAVE}{saved.number}/close/"

        assert f'href="{address}"' in page.get(SAVE).content.decode()
        asked = page.get(address)
        answer = page.post(address, {"figures": figures_in(asked)})
        done, again = page.get(answer["Location"]), page.get(address)

        # 36,500 x 1% / 365 = 1.00; 15% of it is 0.15. The fee is 500.
        for shown in (text(asked), text(done)):
            assert "Balance in the account KES 36,500.00" in shown
            assert "not paid before KES 1.00" in shown
            assert "Tax kept back for KRA, 15%" in shown and "0.15" in shown
            assert "Excise duty of KES 83.33 is inside" in shown and "500.00" in shown
            assert "KES 36,000.85" in shown
        assert "Goes to Everyday account" in text(asked) and everyday.ending in text(asked)
        assert answer.status_code == again.status_code == 303
        assert "Savings account closed" in text(done) and "SC-" in text(done)
        assert everyday.ledger_account.money == kes("36000.85")

    def test_a_second_press_leads_to_the_same_receipt(self):
        saved = SavingsAccountFactory(balance="2000")
        page, address = signed_in(saved), f"{SAVE}{saved.number}/close/"
        once = {"figures": figures_in(page.get(address))}

        first, again = page.post(address, once), page.post(address, once)

        assert first["Location"] == again["Location"] == f"{SAVE}{saved.number}/closed/"

    def test_figures_that_changed_are_shown_anew_and_can_be_confirmed(self):
        saved = SavingsAccountFactory(balance="2000")
        page, address = signed_in(saved), f"{SAVE}{saved.number}/close/"
        before = figures_in(page.get(address))
        put_in(saved.ledger_account, "250")

        changed = page.post(address, {"figures": before})
        then = page.post(address, {"figures": figures_in(changed)})

        assert changed.status_code == 422
        assert "Something moved since you looked" in text(changed)
        assert "Close it and move KES 1,750.00" in text(changed)
        assert then.status_code == 303

    def test_what_stands_in_the_way_is_said_before_anything_is_pressed(self):
        saved = SavingsAccountFactory(balance="2000")
        place(saved.ledger_account, "300")
        page, address = signed_in(saved), f"{SAVE}{saved.number}/close/"

        asked = page.get(address)
        pressed = page.post(address, {"figures": "x"})

        for shown in (asked, pressed):
            assert "KES 300.00 of the KES 2,000.00 in this account is held" in text(shown)
            assert 'name="figures"' not in shown.content.decode()
        assert (asked.status_code, pressed.status_code) == (200, 422)

    def test_a_closed_account_can_be_read_and_not_be_used(self):
        saved = SavingsAccountFactory(balance="2000")
        page, address = signed_in(saved), f"{SAVE}{saved.number}/close/"
        page.post(address, {"figures": figures_in(page.get(address))})

        kept = text(page.get(SAVE))
        history = text(page.get("/view/transactions/", {"account": saved.number}))
        send = page.get("/move/transfers/send/").content.decode()

        assert f"Savings account · {saved.ending} Closed" in kept
        assert "Put money in" not in kept and "How it was closed" in kept
        assert "Start saving" in kept
        for words in ("Opening of a savings account", "Closing of a savings account", "−1,500.00"):
            assert words in history
        assert "Fee for closing a savings account early" in history and "−500.00" in history
        assert saved.number not in send

    def test_is_no_page_of_an_everyday_account_nor_of_somebody_else(self):
        saved, grace = SavingsAccountFactory(balance="2000"), DepositAccountFactory()
        everyday = DepositAccount.objects.get(customer=saved.customer, product="10")

        for who, number in ((saved, everyday.number), (grace, saved.number)):
            for page in ("close", "closed"):
                assert signed_in(who).get(f"{SAVE}{number}/{page}/").status_code == 404
        assert signed_in(saved).get(f"{SAVE}{saved.number}/closed/").status_code == 303


class TestHolds:
    def test_each_hold_says_why_how_much_since_when_and_until_when(self):
        juma = DepositAccountFactory(balance="5000")
        until = calendar.business_date() + timedelta(days=7)
        place(juma.ledger_account, "500", expires_on=until)
        place(juma.ledger_account, "200", kind=HoldKind.CHEQUE, reason="Cheque 000412")
        page = signed_in(juma)

        shown = text(page.get(f"{SAVE}{juma.number}/holds/"))
        home = page.get("/").content.decode()

        assert "Naivas, Westlands Card payment" in shown
        assert "Cheque 000412 Cheque that is not cleared" in shown
        assert f"{until.day} " in shown
        assert "Until it is taken or given back" in shown
        assert "Held KES 700.00" in shown
        assert "Available balance KES 4,300.00" in shown
        assert f'href="{SAVE}{juma.number}/holds/"' in home
        assert "KES\xa0700.00 held" in home

    def test_no_hold_says_so_and_nobody_else_may_look(self):
        juma, grace = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        address = f"{SAVE}{juma.number}/holds/"

        assert "Nothing is held" in text(signed_in(juma).get(address))
        assert signed_in(grace).get(address).status_code == 404
        assert Client().get(address).status_code == 302


class TestInterest:
    def test_a_running_month_shows_each_day_to_the_millionth(self):
        saved = SavingsAccountFactory(balance="3650")
        day = close_day(saved)

        shown = text(signed_in(saved).get(f"{SAVE}{saved.number}/interest/"))

        # 3,650 x 1% / 365 = 0.1
        assert "Your interest so far" in shown
        assert "Earned on 1 day KES 0.100000" in shown
        assert f"{day.day} " in shown and "3,650.00 1% KES 0.100000" in shown

    def test_a_day_below_the_minimum_is_told_apart(self):
        bare = CustomerFactory(tier_id="TIER_3")
        everyday = DepositAccountFactory(customer=bare, balance="500")
        low = deposits.open_savings(
            customer=bare, minimum=Decimal(1000), actor=SYSTEM, at=datetime.now(calendar.NAIROBI)
        )
        put_in(low.ledger_account, "999.99")
        close_day(low)

        shown = text(signed_in(everyday).get(f"{SAVE}{low.number}/interest/"))

        assert "Below KES 1,000.00: earns nothing" in shown
        assert "Earned on 1 day KES 0.000000" in shown

    def test_a_paid_month_adds_up_from_days_over_tax_to_the_payment(self):
        saved = SavingsAccountFactory(balance="365000")
        day = close_day(saved)
        one = saved.ledger_account_id
        savings.pay(day=day, first=one, last=one, actor=SYSTEM, at=datetime.now(calendar.NAIROBI))
        page = signed_in(saved)

        shown = page.get(f"{SAVE}{saved.number}/interest/", {"month": f"{day:%Y-%m}"})

        # 365,000 x 1% / 365 = 10.00; the tax of 15% is 1.50.
        words = text(shown)
        assert "Why did I get this interest?" in words
        assert "Interest, rounded to the cent KES 10.00" in words
        assert "Tax kept back for KRA, 15%" in words and "1.50" in words
        assert "KES 8.50" in words
        link = re.search(r'href="(/view/transactions/[^"]+)"', shown.content.decode())[1]
        assert "Interest, tax paid" in text(page.get(link))

    @pytest.mark.parametrize("month", ["", "x", "1999-01", "2999-12", "2026-13", "2026-1-1"])
    def test_odd_months_break_nothing(self, month):
        saved = SavingsAccountFactory(balance="3000")

        page = signed_in(saved).get(f"{SAVE}{saved.number}/interest/", {"month": month})

        assert page.status_code == 200
        assert "No day has ended yet" in text(page)

    def test_an_account_that_earns_nothing_and_another_ones_have_no_such_page(self):
        saved, grace = SavingsAccountFactory(balance="3000"), DepositAccountFactory()
        everyday = DepositAccount.objects.get(customer=saved.customer, product="10")

        assert signed_in(saved).get(f"{SAVE}{everyday.number}/interest/").status_code == 404
        assert signed_in(grace).get(f"{SAVE}{saved.number}/interest/").status_code == 404

    def test_hidden_balances_are_in_none_of_these_pages(self):
        saved = SavingsAccountFactory(balance="3650")
        place(saved.ledger_account, "432.10")
        close_day(saved)
        saved.customer.user.hides_balances = True
        saved.customer.user.save()
        page = signed_in(saved)

        for path in ("", f"{saved.number}/interest/", f"{saved.number}/holds/", "open/"):
            shown = page.get(SAVE + path).content.decode()
            for figure in ("3,650", "432.10", "0.100000", ".100000"):
                assert figure not in shown, path
