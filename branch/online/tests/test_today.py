"""Today's figures on home follow each payment, as do its receipt and the chart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.factories import DepositAccountFactory
from accounts.statements.tests.test_doors import signed_in, text
from ledger.factories import put_in, take_out
from payments.factories import TransferFactory
from wekeza.kit import fragments

pytestmark = pytest.mark.django_db


class TestToday:
    @pytest.mark.proves("UX12")
    def test_adds_up_what_came_and_went_since_midnight(self):
        account, now = DepositAccountFactory(), timezone.now()
        put_in(account.ledger_account, "900", at=now - timedelta(days=1, minutes=1))
        put_in(account.ledger_account, "700", at=now)
        take_out(account.ledger_account, "250.50", at=now)

        shown = text(signed_in(account).get("/"))

        assert "Today 2 transactions Money in Money in +700.00" in shown.replace("KES ", "")
        assert "Money out Money out −250.50" in shown.replace("KES ", "")

    @pytest.mark.proves("MV39")
    def test_a_payment_stands_at_once_in_receipt_today_and_chart(self):
        account = DepositAccountFactory(balance="5000")
        page = signed_in(account)

        sent = TransferFactory(source=account, amount="1500")
        home = page.get("/")
        receipt = text(page.get(f"/move/transfers/receipt/{sent.receipt_no}/"))

        assert "KES 1,500.00" in receipt
        assert "−1,500.00" in text(home)
        assert "Money out Money out −1,500.00" in text(home).replace("KES ", "")
        chart = text(home).partition("Money in and out")[2]
        assert "Out1,500.00" in chart.replace("KES ", "")

    def test_nothing_has_no_sign(self):
        account = DepositAccountFactory()
        put_in(account.ledger_account, "900", at=timezone.now() - timedelta(days=2))

        shown = text(signed_in(account).get("/")).replace("KES ", "")

        assert "Today 0 transactions Money in 0.00" in shown
        assert "Money out 0.00" in shown

    def test_a_new_account_is_not_told_of_nothing(self):
        shown = text(signed_in(DepositAccountFactory()).get("/"))

        assert "What to do first" in shown
        assert "0 transactions" not in shown

    @pytest.mark.proves("UX12")
    def test_home_asks_no_more_for_a_long_history_than_for_a_short_one(
        self, django_assert_max_num_queries
    ):
        account = DepositAccountFactory(balance="5000")
        for _ in range(40):
            put_in(account.ledger_account, "10", at=timezone.now())
        page = signed_in(account)
        page.get("/")

        with django_assert_max_num_queries(5):
            page.get("/")


class TestPieces:
    """What changes with a posting only is kept, sealed, until the account's sequence rises."""

    @pytest.fixture
    def account(self, settings):
        settings.FRAGMENT_SECONDS = 60
        return DepositAccountFactory(balance="5000")

    @pytest.mark.proves("UX12")
    def test_are_asked_for_once_until_the_next_posting(self, account, django_assert_num_queries):
        page = signed_in(account)
        first = text(page.get("/"))

        with django_assert_num_queries(4):  # Session, login, accounts, and the day's limit.
            assert text(page.get("/")) == first

        TransferFactory(source=account, amount="1500")
        after = text(page.get("/"))
        assert "−1,500.00" in after and "1,500.00" not in first

    def test_are_each_ones_own_and_follow_how_somebody_looks(self, account, settings):
        page = signed_in(account)
        page.get("/")

        page.post("/hide-balances/", {"hides": "1", "next": "/"})
        assert "5,000" not in text(page.get("/"))
        page.post("/hide-balances/", {"hides": "0", "next": "/"})
        assert "5,000" in text(page.get("/"))
        page.cookies[settings.LANGUAGE_COOKIE_NAME] = "sw"
        assert "Pesa zilizoingia" in text(page.get("/"))
        other = DepositAccountFactory(balance="5000")
        assert "5,000" in text(signed_in(other).get("/"))

    def test_lie_sealed_in_the_cache(self, account, monkeypatch):
        kept = {}
        monkeypatch.setattr(
            fragments.cache, "set", lambda name, value, seconds: kept.update({name: value})
        )

        signed_in(account).get("/")

        [sealed] = [value for name, value in kept.items() if name.startswith("piece:")]
        assert "5,000" not in sealed and "<section" not in sealed

    def test_are_read_anew_where_the_cache_holds_what_no_key_opens(self, account, monkeypatch):
        monkeypatch.setattr(fragments.cache, "get", lambda name: "k1:not ours")

        assert "5,000" in text(signed_in(account).get("/"))
