"""The demo rail is open only where there is no real money."""

import pytest

from ledger.money import kes
from payments.rails.demo import client

pytestmark = pytest.mark.django_db


class TestIsOpen:
    def test_in_a_demo_bank_that_was_started_as_one(self, demo_bank, settings):
        assert client.is_open()

        settings.WEKEZA_DEMO = False
        assert not client.is_open()

    def test_never_in_a_bank_whose_books_are_real(self, settings):
        settings.WEKEZA_DEMO = True

        assert not client.is_open()


class TestAsk:
    def test_gives_the_same_request_the_same_answer(self):
        first = client.ask(reference="a", money=kes(5))

        assert first == client.ask(reference="a", money=kes(5))
        assert first != client.ask(reference="b", money=kes(5))
