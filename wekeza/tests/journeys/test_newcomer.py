"""From a stranger to a receipt: nothing is needed but a browser (the mission's first sentence)."""

import pytest

from accounts.access.models import User
from accounts.access.tests.newcomer import Person, register
from accounts.factories import CustomerFactory, DepositAccountFactory
from ledger.money import kes
from wekeza.tests.browser import PHONE

WAYS = [
    pytest.param({"size": PHONE}, id="phone"),
    pytest.param({"size": PHONE, "javascript": False}, id="phone-without-scripts"),
]


@pytest.mark.django_db(transaction=True)
class TestNewcomer:
    @pytest.mark.proves("UX01")
    @pytest.mark.parametrize("wishes", WAYS)
    def test_registers_tops_up_sends_and_reads_the_receipt(
        self, wishes, live_bank, new_page, demo_bank
    ):
        grace = DepositAccountFactory(customer=CustomerFactory(full_name="Grace Wanjiku Mwangi"))
        juma = Person(new_page(**wishes), live_bank, wishes, "newcomer")
        register(juma)
        account = User.objects.get(email=juma.email).customer.deposit_accounts.get()

        juma.go("/move/topups/start/")
        juma.fill(amount="5,000")
        juma.press("/move/topups/receipt/DP-*/")
        assert account.ledger_account.money == kes(5000)

        juma.go("/move/transfers/send/")
        juma.fill(recipient=grace.number, amount="1,250.50", reason="Rent")
        juma.press("/move/transfers/check/*/")
        assert "Grace Wanjiku Mwangi" in juma.words
        juma.fill(code="2580")
        juma.press("/move/transfers/receipt/MV-*/")

        assert "1,250.50" in juma.words
        assert "Grace Wanjiku Mwangi" in juma.words
        account.ledger_account.refresh_from_db()
        assert account.ledger_account.money == kes("3749.50")
        assert grace.ledger_account.money == kes("1250.50")
