"""Home: balance, number, status, quick actions, last rows, today's limit."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.deposits import operations as deposits
from accounts.factories import CustomerFactory, DepositAccountFactory
from payments.factories import TransferFactory
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestHome:
    @pytest.mark.proves("SV03", "UX11", "SV17")
    def test_shows_balance_number_and_status(self):
        account = DepositAccountFactory(balance="48250")
        number = account.number

        shown = home_of(account)

        assert f"Everyday account · {number[-4:]}" in shown
        assert "Available balance KES 48,250.00" in shown
        assert "KES 48,250.00 in the books" in shown
        assert f"{number[:3]} {number[3:5]} {number[5:12]} {number[12]}" in shown
        assert "Active" in shown

    def test_a_new_customer_is_told_what_to_do_first(self):
        shown = home_of(DepositAccountFactory())

        for words in ("What to do first", "Your PIN is set.", "Top up", "Turn two-step login on"):
            assert words in shown
        assert "Latest transactions" not in shown

    def test_asks_how_far_a_demo_bank_has_lived_its_year_and_no_other(self, settings):
        page = page_of(DepositAccountFactory())
        settings.WEKEZA_DEMO = False
        plain = page.get("/").content.decode()
        settings.WEKEZA_DEMO = True

        assert 'hx-get="/demo/year/"' in page.get("/").content.decode()
        assert "/demo/year/" not in plain

    def test_shows_the_last_rows_and_how_much_of_the_day_is_left(self):
        account = DepositAccountFactory(balance="5000")
        TransferFactory(source=account, amount="1240", at=datetime.now(UTC))

        shown = home_of(account)

        assert "Grace Wanjiku Mwangi" in shown
        assert "Money out −1,240.00" in shown
        assert "KES 1,240.00 used" in shown
        assert "KES 50,000 a day" in shown
        assert "You can send KES 48,760.00 more today. It starts again at midnight." in shown

    def test_leads_to_every_quick_action(self):
        page = page_of(DepositAccountFactory())
        shown = page.get("/").content.decode()

        for address in re.findall(r'class="wk-round[^"]*" href="([^"]+)"', shown):
            assert page.get(address).status_code == 200

    def test_a_frozen_account_says_so_and_not_why(self):
        account = DepositAccountFactory(balance="100")
        deposits.freeze(account, reason="Court order 77", actor=SYSTEM)

        shown = home_of(account)

        assert "Frozen" in shown
        assert "Call 0700 123 456" in shown
        assert "Court" not in shown

    def test_says_how_long_large_payments_wait_after_a_change(self):
        account = DepositAccountFactory()
        user = account.customer.user
        user.factor_changed_at = datetime.now(UTC)
        user.save()
        assert "Large payments wait until" in home_of(account)
        assert "send up to KES 5,000.00 at a time" in home_of(account)

        user.factor_changed_at -= timedelta(hours=24)
        user.save()
        assert "Large payments wait" not in home_of(account)

    def test_a_second_account_is_one_tap_away(self):
        account = DepositAccountFactory(customer=CustomerFactory())
        DepositAccountFactory(customer=account.customer, is_another=True)

        assert "All accounts" in home_of(account)

    @pytest.mark.proves("PF04")
    def test_takes_few_queries(self, django_assert_max_num_queries):
        account = DepositAccountFactory(balance="5000")
        for _ in range(5):
            TransferFactory(source=account, amount="10", at=datetime.now(UTC))
        page = page_of(account)
        page.get("/")

        # Session, login with its customer, accounts, rows, and all figures (PF02: at most 5).
        with django_assert_max_num_queries(5):
            page.get("/")

    def test_whoever_is_not_signed_in_sees_the_banks_own_page(self):
        assert "Log in" in text(Client().get("/"))


def page_of(account) -> Client:
    page = Client()
    page.force_login(account.customer.user)
    return page


def home_of(account) -> str:
    return text(page_of(account).get("/"))


def text(answer) -> str:
    page = re.sub(r"</(p|div|li|dt|dd|h1|h2|td|th|abbr|span)>", r" \g<0>", answer.content.decode())
    page = re.sub(r"<[^>]+>", "", page).replace("\xa0", " ")
    return " ".join(page.replace(" .", ".").split()).replace(" .", ".")
