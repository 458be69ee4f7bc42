"""That a business paid without its signatures is noticed, whoever did it."""

from pathlib import Path

import pytest

from accounts.businesses.models import Signature
from accounts.factories import DIRECTOR, PIN, BusinessFactory, CustomerFactory, actor_of
from ledger.proofs.tests import stories
from payments import approvals as room
from payments.approvals import operations as approvals
from payments.factories import TransferFactory, WaitingFactory
from payments.transfers import queries

PROOF = Path(room.__file__).parent / "proofs" / "P17_business_payments_are_signed.sql"
# What the owner does behind the bank's back.
FAULTS = [
    "DELETE FROM accounts_signature WHERE id = {signature}",
    "UPDATE accounts_signature SET decision = 'REJECTED', reason = 'No' WHERE id = {signature}",
    "UPDATE accounts_signature SET intent_digest = 'x' WHERE id = {signature}",
    "UPDATE accounts_signature SET signer_id = {maker} WHERE id = {signature}",
    "UPDATE accounts_mandateband SET needed = 3 WHERE business_id = {business}",
    "UPDATE accounts_mandateband SET up_to = 1 WHERE business_id = {business}",
    "UPDATE accounts_mandateband SET valid_until = valid_from WHERE business_id = {business}",
    "UPDATE payments_transfer SET source_id = {elsewhere} WHERE id = {paid}",
]


def tell_a_story() -> dict:
    """A payment that two of three signed, and one of a person."""
    signers = [CustomerFactory(), CustomerFactory()]
    shop = BusinessFactory(
        others=[(one, DIRECTOR) for one in signers], bands=((None, 2, False),), balance="9000"
    )
    paid = WaitingFactory(business=shop, amount="1000")
    for one in signers:
        approvals.approve(
            paid,
            seen=queries.intent_digest(paid),
            secret=PIN,
            at=paid.requested_at,
            actor=actor_of(one),
        )
    return {
        "paid": paid.pk,
        "business": shop.pk,
        "maker": paid.customer_id,
        "signature": business_signature(paid),
        "elsewhere": TransferFactory().source_id,
    }


def business_signature(paid):
    return Signature.objects.filter(intent=queries.intent_of(paid)).earliest("pk").pk


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    """A bank with a business that paid, opened as its owner."""
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


class TestTheProofOfSignatures:
    @pytest.mark.parametrize("fault", FAULTS, ids=range(len(FAULTS)))
    def test_goes_red_for_its_fault_and_names_the_row(self, story, fault):
        with stories.tampering(story) as tamper:
            tamper(fault)
            named = {subject for subject, _fault in stories.faults_of(PROOF)}

        assert named == {f"transfer {story['paid']}"}

    def test_holds_for_the_bank_as_it_was(self, story):
        assert stories.faults_of(PROOF) == []
