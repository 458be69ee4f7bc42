"""One set of books under every channel: what one door does, all the others show at once."""

import pytest
from django.test import Client

from accounts.factories import PASSWORD, CustomerFactory, DepositAccountFactory
from ledger.balances import queries as balances
from ledger.calendar import queries as calendar
from ledger.money import kes
from payments.factories import TransferFactory
from wekeza.tests.api.steps import Program

pytestmark = pytest.mark.django_db


def accounts_page(customer) -> str:
    page = Client()
    page.post("/login/", {"login": customer.user.email, "password": PASSWORD})
    return page.get("/save/").content.decode()


class TestOnePayment:
    @pytest.mark.proves("LG07", "LG08", "LG11")
    def test_is_on_every_channel_the_moment_it_is_made(self, at_work):
        payer = DepositAccountFactory(balance="3000", customer__full_name="Baraka Mwangi Otieno")
        payee = DepositAccountFactory(customer=CustomerFactory())
        api = Program(user=payer.customer.user)
        TransferFactory(source=payer, target=payee, amount=1250)

        [told] = api.get("/api/v1/accounts/").json()["accounts"]
        assert told["balance"]["amount"] == "1750.00"
        assert "1,750<" in accounts_page(payer.customer)
        assert "1,250<" in accounts_page(payee.customer)
        staff = at_work("AUDITOR")
        file = f"/workbench/customer/{payer.customer.public_id}/"
        staff.post(file, {"purpose": "CALL"})
        assert "1,750" in staff.get(file).content.decode()
        on = calendar.business_date()
        assert balances.standing_of(payer.ledger_account, on=on) == kes("1750")
