"""The demo rail is open only where there is no real money."""

import pytest

from ledger.money import kes
from payments.rails.answers import Answer, Result
from payments.rails.demo import client
from payments.rails.demo.models import DemoRailRequest

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
        assert first.result is Result.SUCCESS

    def test_refuses_a_reference_that_stands_for_another_amount(self):
        client.ask(reference="a", money=kes(5))

        with pytest.raises(client.OtherAmount):
            client.ask(reference="a", money=kes(6))


class TestSendBack:
    def test_is_done_once_and_what_went_back_is_no_longer_given(self):
        given = client.ask(reference="a", money=kes(5))

        client.send_back(reference="a", money=kes(5))
        client.send_back(reference="a", money=kes(5))

        asked_again = client.ask(reference="a", money=kes(5))
        assert asked_again == Answer(Result.FAILED, given.rail_reference)
        assert DemoRailRequest.objects.get(reference="a").is_sent_back

    def test_refuses_what_was_never_given(self):
        client.ask(reference="a", money=kes(5))

        for reference, amount in (("a", 6), ("b", 5)):
            with pytest.raises(client.OtherAmount):
                client.send_back(reference=reference, money=kes(amount))
        assert not DemoRailRequest.objects.get().is_sent_back
