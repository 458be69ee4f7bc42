"""Files of colleagues: opened to one person, for an hour, and only by two persons."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from accounts.factories import CustomerFactory, StaffMemberFactory, staff_actor
from accounts.privacy import queries as privacy
from accounts.privacy import restricted
from accounts.privacy.models import FileAccess
from accounts.privacy.refusals import OwnFile
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import AboutYou, AlreadyDecided, MayNotDecide, OwnApproval
from ledger.tests.racing import at_once, refused

pytestmark = pytest.mark.django_db
REASON = {"name": "Wanjiru Achieng Mutua", "reason": "The customer is on the phone"}


@pytest.fixture
def now():
    return datetime.now(UTC)


def officer(role, **facts):
    return staff_actor(StaffMemberFactory(role_id=role, **facts))


def ask(customer, actor, now):
    return restricted.ask_access(customer, **REASON, actor=actor, at=now)


class TestOpening:
    def test_is_for_one_person_and_one_hour(self, now):
        customer, maker, checker = CustomerFactory(), officer("SUPPORT"), officer("COMPLIANCE")
        asked = ask(customer, maker, now)
        assert not privacy.has_access(customer, actor=maker, at=now)

        approvals.approve(asked, digest=asked.digest, actor=checker, at=now)

        minute = timedelta(minutes=1)  # One hour is the row ACCESS_HOURS of the founding.
        assert privacy.has_access(customer, actor=maker, at=now + 59 * minute)
        assert not privacy.has_access(customer, actor=maker, at=now + 60 * minute)
        assert not privacy.has_access(customer, actor=officer("SUPPORT"), at=now)
        assert not privacy.has_access(CustomerFactory(), actor=maker, at=now)
        with pytest.raises(AlreadyDecided):
            approvals.approve(asked, digest=asked.digest, actor=checker, at=now)

    def test_is_not_decided_by_whoever_asked_or_may_not(self, now):
        customer, maker = CustomerFactory(), officer("COMPLIANCE")
        asked = ask(customer, maker, now)

        with pytest.raises(OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=maker, at=now)
        with pytest.raises(MayNotDecide):
            approvals.approve(asked, digest=asked.digest, actor=officer("SUPPORT"), at=now)

    def test_is_nobodys_own(self, now):
        customer = CustomerFactory(national_id="35791131")
        own = officer("COMPLIANCE", national_id="35791131")

        with pytest.raises(OwnFile):
            ask(customer, own, now)
        asked = ask(customer, officer("SUPPORT"), now)
        with pytest.raises(AboutYou):
            approvals.approve(asked, digest=asked.digest, actor=own, at=now)
        asked.refresh_from_db()
        assert asked.is_waiting

    def test_by_hand_is_refused_by_the_database(self, now):
        """The database's own answer to whoever goes round the operations."""
        customer, maker = CustomerFactory(), officer("SUPPORT")
        asked = ask(customer, maker, now)

        with pytest.raises(DatabaseError, match="takes two persons"):
            FileAccess.objects.create(
                customer=customer,
                actor=str(maker),
                approval=asked,
                begun_at=now,
                ends_at=now + timedelta(hours=1),
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_it_opens_once(self, now):
        customer, maker = CustomerFactory(), officer("SUPPORT")
        checkers = [officer("COMPLIANCE"), officer("COMPLIANCE")]
        asked = ask(customer, maker, now)

        got = at_once(
            2,
            lambda number: approvals.approve(
                asked, digest=asked.digest, actor=checkers[number], at=now
            ),
        )

        assert len(refused(got)) == 1
        assert FileAccess.objects.filter(customer=customer).count() == 1
