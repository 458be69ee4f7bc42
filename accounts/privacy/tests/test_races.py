"""Two at once: the deed is done once, and the other asker is told or gets the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts.customers import contacts, corrections
from accounts.customers.models import Address
from accounts.customers.refusals import ChangeOutdated, ChangeWaits
from accounts.factories import CustomerFactory, actor_of
from accounts.privacy import operations as privacy
from accounts.privacy.models import DataRequest
from accounts.registry import operations as registry
from accounts.registry.models import IdentityCheck
from accounts.registry.simulator import Register, running
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHECKER = Actor("STAFF", "8", person="person:checker")


def at_once(*askers):
    """Everybody's answer or refusal."""

    def ask(asker):
        try:
            return asker()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(askers)) as pool:
        return list(pool.map(ask, askers))


@pytest.fixture
def customer():
    return CustomerFactory()


def request(customer):
    return corrections.request_change(
        customer,
        field="full_name",
        value="Amina Wambui Otieno",
        reason="I married",
        at=NOON,
        actor=actor_of(customer),
    )


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


class TestTwoAtOnce:
    def test_get_one_copy(self, customer):
        def ask():
            return privacy.ask_copy(customer, at=NOON, actor=actor_of(customer))

        assert len(set(at_once(ask, ask, ask))) == 1
        assert DataRequest.objects.filter(customer=customer).count() == 1

    def test_ask_for_one_correction(self, customer):
        answers = at_once(*[lambda: request(customer)] * 3)

        assert kinds(answers) == [ChangeWaits.__name__, ChangeWaits.__name__, "ProfileChange"]

    def test_approve_one_correction(self, customer):
        change = request(customer)
        facts = {"payload": {"change": change.pk}, "approval": SimpleNamespace(pk=1)}

        answers = at_once(*[lambda: corrections.correct(**facts, actor=CHECKER, at=NOON)] * 2)

        assert kinds(answers) == [ChangeOutdated.__name__, "ProfileChange"]
        corrected = AuditEntry.objects.filter(
            deed="customer.corrected", subject=f"accounts.customer:{customer.pk}"
        )
        assert corrected.count() == 1

    def test_leave_one_main_address(self, customer):
        facts = {"kind": "HOME", "line": "House 4", "town": "Nakuru", "county": "32"}
        actor = actor_of(customer)
        at_once(*[lambda: contacts.add_address(customer, actor=actor, **facts)] * 3)
        assert Address.objects.filter(customer=customer, is_main=True).count() == 1
        first, *_, last = Address.objects.filter(customer=customer).order_by("pk")

        at_once(
            *[lambda row=row: contacts.make_main_address(row, actor=actor) for row in (first, last)]
        )

        assert Address.objects.filter(customer=customer, is_main=True).count() == 1

    def test_hear_one_answer(self, customer, settings):
        check = IdentityCheck.objects.get(customer=customer, kind="ID")
        with running(Register("t")) as told:
            settings.IPRS_URL, settings.IPRS_TOKEN = told.url, "t"
            at_once(*[lambda: registry.hear(check=check.pk, at=NOON + timedelta(seconds=1))] * 3)

        check.refresh_from_db()
        assert check.state == "NOT_FOUND"
        heard = AuditEntry.objects.filter(
            deed="identity.checked", subject=f"accounts.identitycheck:{check.pk}"
        )
        assert heard.count() == 1
