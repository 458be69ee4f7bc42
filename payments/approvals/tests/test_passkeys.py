"""A passkey's signature under a payment of a business: of who may sign, under what was shown."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import signing
from accounts.access.tests.keys import HOST, give_key
from accounts.businesses.models import Signature
from accounts.businesses.refusals import MadeByYou
from accounts.factories import DIRECTOR, PIN, BusinessFactory, CustomerFactory, actor_of
from payments.approvals import operations as approvals
from payments.factories import WaitingFactory
from payments.transfers import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


@pytest.fixture
def shop(kamau):
    bands = ((None, 1, False),)
    return BusinessFactory(others=[(kamau, DIRECTOR)], bands=bands, balance="90000")


@pytest.fixture
def key(kamau):
    return give_key(kamau.user)


@pytest.fixture
def waiting(shop):
    return WaitingFactory(business=shop, amount="6000")


@pytest.fixture
def browser(kamau):
    browser = Client(SERVER_NAME=HOST)
    browser.force_login(kamau.user)
    return browser


def path(waiting):
    return f"/biz/{waiting.business.public_id}/approvals/{waiting.public_id}/"


def asked(browser, waiting):
    return browser.post(path(waiting), {"passkey": "ask"}).json()


def sign(browser, waiting, credential):
    facts = {"seen": queries.intent_digest(waiting), "credential": credential}
    return browser.post(path(waiting), facts)


class TestApprovingWithAPasskey:
    def test_signs_and_pays_above_the_pin_without_a_code(self, browser, waiting, key):
        page = browser.get(path(waiting)).content.decode()

        answer = sign(browser, waiting, key.signed(asked(browser, waiting)))

        waiting.refresh_from_db()
        assert "Approve with passkey" in page
        assert answer["Location"] == f"/move/transfers/receipt/{waiting.receipt_no}/"
        assert Signature.objects.get(intent=queries.intent_of(waiting)).way == "KEY"

    def test_of_another_payment_signs_nothing(self, browser, waiting, key, shop):
        other = WaitingFactory(business=shop, amount="6000")

        answer = sign(browser, waiting, key.signed(asked(browser, other)))

        assert answer.status_code == 422
        assert "You signed something else" in answer.content.decode()
        assert not Signature.objects.exists()

    def test_of_another_signatory_signs_nothing(self, waiting, shop, browser, kamau):
        other = CustomerFactory()
        theirs = give_key(other.user)
        give_key(kamau.user)
        credential = theirs.signed(
            signing.ask(
                other.user,
                intent=queries.intent_for(waiting, other.user, at=timezone.now()).name,
                intent_digest=queries.intent_digest(waiting),
                host=HOST,
                at=waiting.requested_at,
            )
        )

        assert sign(browser, waiting, credential).status_code == 422
        assert not Signature.objects.exists()

    def test_is_not_asked_of_who_made_it(self, waiting):
        maker = waiting.customer
        give_key(maker.user)
        browser = Client(SERVER_NAME=HOST)
        browser.force_login(maker.user)

        with pytest.raises(MadeByYou):
            approvals.ask_passkey(
                waiting, host=HOST, at=waiting.requested_at, actor=actor_of(maker)
            )
        answer = browser.post(path(waiting), {"passkey": "ask"})
        assert answer.status_code == 422
        assert "Approve with passkey" not in browser.get(path(waiting)).content.decode()

    def test_leaves_the_pin_as_another_way(self, browser, shop, key):
        small = WaitingFactory(business=shop, amount="100")

        answer = browser.post(path(small), {"seen": queries.intent_digest(small), "code": PIN})

        assert answer.status_code == 303
        assert Signature.objects.get().way == "PIN"
