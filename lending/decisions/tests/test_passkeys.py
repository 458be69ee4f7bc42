"""A passkey's signature under an offer or new payments: of who borrows, under what was shown."""

import re

import pytest
from django.test import Client

from accounts.access import signing
from accounts.access.tests.keys import HOST, give_key
from accounts.businesses.models import Signature
from lending.factories import ApplicationFactory, BusinessApplicationFactory
from lending.restructures.tests.test_operations import ask, loan_of_a_year, offered

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')
TAKE, CHANGE = "/borrow/answers/{}/", "/borrow/changes/{}/"


class Holder:
    """A customer whose browser knows their passkey, on the page of what is to be signed."""

    def __init__(self, customer, path):
        self.key, self.path = give_key(customer.user), path
        self.browser = Client(SERVER_NAME=HOST)
        self.browser.force_login(customer.user)

    @property
    def page(self) -> str:
        return self.browser.get(self.path).content.decode()

    @property
    def boxes(self) -> dict:
        """What the form of the passkey's button sends beside the signature."""
        form = re.search(r"<form[^>]*data-passkeys.*?</form>", self.page, re.S)[0]
        return dict(HIDDEN.findall(form))

    def ask(self):
        return self.browser.post(self.path, self.boxes | {"passkey": "ask"}).json()

    def sign(self, asked, **facts):
        signed = self.boxes | {"credential": self.key.signed(asked)} | facts
        return self.browser.post(self.path, signed)


def of_offer(asked):
    return Holder(asked.customer, TAKE.format(asked.public_id))


class TestAPasskey:
    @pytest.mark.proves("BW07")
    def test_takes_an_offer_of_any_size_without_pin_and_code(self, bureau):
        holder = of_offer(asked := ApplicationFactory())

        answer = holder.sign(holder.ask())

        loan = asked.customer.loans.get()
        assert answer["Location"] == f"/borrow/loans/{loan.public_id}/"
        assert loan.agreed_by == "KEY"
        assert holder.browser.get(holder.path)["Location"] == answer["Location"]

    def test_signs_for_a_business(self, bureau):
        asked = BusinessApplicationFactory()
        path = f"/biz/{asked.business.public_id}/loans/answers/{asked.public_id}/"
        holder = Holder(asked.customer, path)

        holder.sign(holder.ask())

        loan = asked.business.loans.get()
        assert loan.agreed_by == "KEY"
        assert Signature.objects.get(intent=f"lending.take:{asked.public_id}").way == "KEY"

    def test_agrees_to_new_payments(self):
        wish = offered(ask(loan_of_a_year()))
        holder = Holder(wish.loan.customer, CHANGE.format(wish.public_id))

        answer = holder.sign(holder.ask())

        wish.refresh_from_db()
        assert answer["Location"] == f"/borrow/loans/{wish.loan.public_id}/"
        assert (wish.state, wish.agreed_by) == ("SIGNED", "KEY")


class TestNothingIsTaken:
    def test_under_other_figures_or_another_offer(self, bureau):
        holder, other = of_offer(asked := ApplicationFactory()), ApplicationFactory()
        intent = f"lending.take:{other.public_id}"
        theirs = signing.ask(
            asked.customer.user, intent=intent, intent_digest="0" * 64, host=HOST,
            at=asked.updated_at,
        )  # fmt: skip

        elsewhere = holder.sign(theirs)
        changed = holder.sign(holder.ask(), figures="0" * 64)

        assert (elsewhere.status_code, changed.status_code) == (422, 422)
        assert "You signed something else" in elsewhere.content.decode()
        assert "A figure or a date changed" in changed.content.decode()
        assert not asked.customer.loans.exists()

    def test_while_wrong_pins_keep_everything_off_and_the_page_says_so(self, bureau):
        holder = of_offer(asked := ApplicationFactory())
        question, boxes = holder.ask(), holder.boxes | {"read": "on"}
        for _ in range(3):
            holder.browser.post(holder.path, boxes | {"code": "0000"})

        page = holder.page
        signed = boxes | {"credential": holder.key.signed(question)}
        answer = holder.browser.post(holder.path, signed)

        assert "Signing is off until" in page and "data-passkeys" not in page
        assert (answer.status_code, asked.customer.loans.count()) == (422, 0)
