"""What a team reads about what happened to its business: the deed, on what, by whom."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from accounts.businesses import changes, mandates
from accounts.businesses.trail import trail_of
from accounts.customers.models import Customer
from accounts.factories import DIRECTOR, BusinessFactory, CustomerFactory, actor_of
from ledger.money import kes

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    njeri = CustomerFactory(full_name="Achieng Njeri")
    kamau = CustomerFactory(full_name="Peter Kamau")
    return BusinessFactory(founder=njeri, others=[(kamau, DIRECTOR)])


def person(shop, name):
    return Customer.objects.filter(memberships__business=shop, full_name=name).first()


def lines_of(shop):
    return [(one.words, one.what, one.name) for one in trail_of(shop)]


class TestTheTrail:
    def test_names_the_amount_that_was_signed_or_turned_down(self, shop):
        njeri, kamau = person(shop, "Achieng Njeri"), person(shop, "Peter Kamau")
        about = {"intent": "a payment", "intent_digest": "0" * 64, "money": kes("84000")}
        at = datetime.now(UTC)
        mandates.sign(shop, **about, signer=njeri, way="PIN", at=at, actor=actor_of(njeri))
        mandates.turn_down(
            shop, **about, signer=kamau, reason="Too much", at=at, actor=actor_of(kamau)
        )

        assert lines_of(shop)[:2] == [
            ("Rejected a payment", "KES 84,000.00", "Peter Kamau"),
            ("Approved a payment", "KES 84,000.00", "Achieng Njeri"),
        ]

    def test_names_who_left_and_which_paper_was_accepted(self, shop):
        kamau = person(shop, "Peter Kamau")
        changes.leave(shop, at=datetime.now(UTC), actor=actor_of(kamau))

        lines = lines_of(shop)
        assert lines[0] == ("Left the team", "", "Peter Kamau")
        assert ("The bank accepted a paper", "Proof of address", "") in lines
        with translation.override("sw"):
            assert "Uthibitisho wa anwani" in {what for _, what, _ in lines_of(shop)}
