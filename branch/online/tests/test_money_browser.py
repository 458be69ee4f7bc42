"""The pages of savings, files and codes in a real browser; SHOTS=folder keeps pictures of them."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from accounts.deposits.models import DepositAccount
from accounts.factories import DepositAccountFactory, actor_of
from accounts.savings import operations as savings
from accounts.savings.tests.test_doors import close_day
from ledger.calendar import queries as calendar
from ledger.factories import place, put_in
from ledger.money import kes
from payments.factories import TransferFactory
from wekeza.kit import vouching
from wekeza.tests.browser import LOOKS
from wekeza.tests.look import problems_of, small_targets

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def saver(live_bank):
    """Somebody who saves, with a hold, a day of interest and a payment of today."""
    everyday = DepositAccountFactory(customer__full_name="Juma Otieno Wekesa", balance="60000")
    saved = savings.open_savings(
        source=everyday, money=kes("36500"), reference=uuid4(), actor=actor_of(everyday.customer),
        at=datetime.now(calendar.NAIROBI),
    )  # fmt: skip
    close_day(saved)
    place(everyday.ledger_account, "500", expires_on=calendar.business_date() + timedelta(days=5))
    put_in(everyday.ledger_account, "1250", at=datetime.now(calendar.NAIROBI))
    return saved


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
class TestEveryPage:
    def test_is_whole_readable_and_large_enough(self, live_bank, new_page, saver, size, scheme):
        everyday = DepositAccount.objects.get(customer=saver.customer, product="10")
        sent = TransferFactory(source=everyday, amount="750")
        paths = {
            "home": "/",
            "save": "/save/",
            "open": "/save/open/",
            "interest": f"/save/{saver.number}/interest/",
            "holds": f"/save/{everyday.number}/holds/",
            "statement": "/view/statement/",
            "receipt": f"/move/transfers/receipt/{sent.receipt_no}/",
            "verify": f"/verify/{vouching.receipt_code(sent.receipt_no)}/",
            "verify-none": "/verify/ST-0/",
            "qr": "/move/qr/mine/?amount=250",
            "send": f"/move/transfers/send/?from={saver.number}&to={everyday.number}",
        }
        page = new_page(size=size, scheme=scheme)
        client = Client()
        client.force_login(saver.customer.user)
        session = client.cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": session, "url": live_bank.url}])
        found = {}

        for name, path in paths.items():
            page.goto(live_bank.url + path)
            if SHOTS:
                shot = f"savings-{size['width']}-{scheme}-{name}.png"
                page.screenshot(path=Path(SHOTS) / shot, full_page=True)
            found[name] = problems_of(page) + small_targets(page, least=24)

        assert {name: wrong for name, wrong in found.items() if wrong} == {}
