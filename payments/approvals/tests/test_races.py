"""Signatories who press at the same moment: one payment, one receipt, one signature of each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.businesses.models import Signature
from accounts.businesses.refusals import MadeByYou, SignedAlready
from accounts.factories import DIRECTOR, PIN, BusinessFactory, CustomerFactory, actor_of
from ledger.journal.models import Entry
from ledger.money import kes
from payments.approvals import operations as approvals
from payments.factories import WaitingFactory
from payments.transfers import queries
from payments.transfers.models import Transfer
from payments.transfers.refusals import AlreadySent, DraftChanged

pytestmark = pytest.mark.django_db(transaction=True)
EXPECTED = (SignedAlready, DraftChanged, AlreadySent, MadeByYou)


@pytest.fixture
def signers():
    return [CustomerFactory() for _ in range(6)]


@pytest.fixture
def waiting(signers):
    shop = BusinessFactory(
        others=[(one, DIRECTOR) for one in signers], bands=((None, 2, False),), balance="9000"
    )
    return WaitingFactory(business=shop, amount="4000")


class TestRaces:
    def test_six_who_sign_at_once_pay_once(self, waiting, signers):
        outcomes = run([lambda one=one: approve(waiting, one) for one in signers])

        waiting.refresh_from_db()
        assert waiting.is_sent
        assert "paid" in outcomes
        assert Entry.objects.filter(source=f"payments.transfer:{waiting.pk}").count() == 1
        assert left(waiting) == kes("5000")

    def test_one_who_presses_many_times_signs_once_and_pays_nothing_alone(self, waiting, signers):
        run([lambda: approve(waiting, signers[0])] * 6)

        assert Signature.objects.filter(intent=queries.intent_of(waiting)).count() == 1
        assert Transfer.objects.get(pk=waiting.pk).is_waiting
        assert left(waiting) == kes("9000")

    def test_a_yes_and_a_no_at_once_do_one_of_the_two(self, waiting, signers):
        approve(waiting, signers[0])
        no = {
            "seen": queries.intent_digest(waiting),
            "reason": "No",
            "at": waiting.requested_at,
            "actor": actor_of(signers[2]),
        }

        run([lambda: approve(waiting, signers[1]), lambda: approvals.reject(waiting, **no)])

        state = Transfer.objects.get(pk=waiting.pk).state
        assert state in {"PAID", "REJECTED"}
        assert left(waiting) == kes("5000" if state == "PAID" else "9000")

    def test_taking_back_and_the_last_signature_at_once_do_one_of_the_two(self, waiting, signers):
        approve(waiting, signers[0])
        maker = {"at": waiting.requested_at, "actor": actor_of(waiting.customer)}

        run([lambda: approve(waiting, signers[1]), lambda: approvals.cancel(waiting, **maker)])

        state = Transfer.objects.get(pk=waiting.pk).state
        assert state in {"PAID", "CANCELLED"}
        assert left(waiting) == kes("5000" if state == "PAID" else "9000")


def approve(waiting, person):
    row = queries.of_business(waiting.business, public_id=waiting.public_id)
    decided = approvals.approve(
        row,
        seen=queries.intent_digest(waiting),
        secret=PIN,
        at=waiting.requested_at,
        actor=actor_of(person),
    )
    return "paid" if decided.transfer.is_sent else "signed"


def run(deeds):
    """Each deed in a thread of its own, all let go at once; what became of each."""
    start = Barrier(len(deeds))

    def one(deed):
        start.wait()
        try:
            return deed()
        except EXPECTED as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def left(waiting):
    waiting.source.ledger_account.refresh_from_db()
    return waiting.source.ledger_account.money
