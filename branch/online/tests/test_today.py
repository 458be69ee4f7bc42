"""Today's figures on home follow each payment, as do its receipt and the chart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.factories import DepositAccountFactory
from accounts.statements.tests.test_doors import signed_in, text
from ledger.factories import put_in, take_out
from payments.factories import TransferFactory

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
        assert home.context["today"].money_out.amount == 1500
        assert home.context["flow"].money_out.amount == 1500

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

        with django_assert_max_num_queries(11):
            page.get("/")
