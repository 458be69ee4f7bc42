"""That a loan to a business without its signatures is noticed, whoever made it."""

from pathlib import Path

import pytest

from accounts.businesses.models import Signature
from accounts.factories import DIRECTOR, BusinessFactory, CustomerFactory
from ledger.proofs.tests import stories
from lending import business as room
from lending.business.tests.test_taking import sign
from lending.decisions.tests.steps import decide
from lending.factories import BusinessApplicationFactory

PROOF = Path(room.__file__).parent / "proofs" / "P27_business_loans_are_signed.sql"
# What the owner does behind the bank's back.
FAULTS = [
    "DELETE FROM accounts_signature WHERE id = {signature}",
    "UPDATE accounts_signature SET intent_digest = 'x' WHERE id = {signature}",
    "UPDATE accounts_signature SET decision = 'REJECTED', reason = 'No' WHERE id = {signature}",
    "UPDATE accounts_mandateband SET needed = 3 WHERE business_id = {business}",
    "UPDATE lending_loan SET business_id = NULL WHERE id = {loan}",
]


def tell_a_story() -> dict:
    """A loan that two of two signed; there is no bureau, so a person approved it."""
    other = CustomerFactory()
    shop = BusinessFactory(others=[(other, DIRECTOR)], bands=((None, 2, True),))
    asked = BusinessApplicationFactory(business=shop)
    decide(asked, amount="500000")
    sign(asked)
    loan = sign(asked, other).loan
    signature = Signature.objects.filter(business=shop).earliest("pk").pk
    return {"loan": loan.pk, "number": loan.number, "business": shop.pk, "signature": signature}


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    """A bank with a business that borrowed, opened as its owner."""
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


class TestTheProofOfSignatures:
    def test_holds_and_goes_red_for_every_fault(self, story):
        assert stories.faults_of(PROOF) == []

        for fault in FAULTS:
            with stories.tampering(story) as tamper:
                tamper(fault)
                named = {subject for subject, _fault in stories.faults_of(PROOF)}
            assert named == {f"loan {story['number']}"}, fault
