"""Nobody asks for or decides something about themselves, whatever the deed (decision 0011)."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.businesses import changes, review
from accounts.businesses.mandates import Band
from accounts.customers import corrections, standing
from accounts.factories import (
    PIN,
    BusinessFactory,
    CustomerFactory,
    StaffMemberFactory,
    actor_of,
    staff_actor,
)
from accounts.staff.models import StaffMember
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.refusals import AboutYou
from wekeza.kit.persons import id_index

pytestmark = pytest.mark.django_db
OWN_ID = "35790001"


@pytest.fixture
def me():
    """Somebody who banks here, and works here behind another login."""
    return CustomerFactory(national_id=OWN_ID)


def at_work(role="COMPLIANCE", **facts):
    return staff_actor(StaffMemberFactory(role_id=role, **facts))


def with_own_id():
    """The one human of these tests at work, who could ask and decide about anybody else."""
    known = StaffMember.objects.filter(national_id_index=id_index(OWN_ID)).first()
    return staff_actor(known) if known else at_work("BRANCH_MANAGER", national_id=OWN_ID)


def decide(asked, actor):
    return approvals.approve(asked, digest=asked.digest, actor=actor, at=timezone.now())


def correction(customer, value):
    return corrections.request_change(
        customer, field="national_id", value=value, reason="A digit", at=timezone.now(),
        actor=actor_of(customer),
    )  # fmt: skip


class TestAboutOneself:
    @pytest.mark.proves("IA37")
    def test_nobody_corrects_their_own_number(self, me):
        change = correction(me, "35790002")
        how = {"reason": "Seen", "at": timezone.now()}
        with pytest.raises(AboutYou):
            corrections.propose_correction(change, **how, actor=with_own_id())
        asked = corrections.propose_correction(change, **how, actor=at_work("OPERATIONS"))

        with pytest.raises(AboutYou):
            decide(asked, with_own_id())

        me.refresh_from_db()
        assert me.national_id == OWN_ID

    def test_nobody_gives_their_own_number_to_another(self):
        change = correction(CustomerFactory(), OWN_ID)
        how = {"reason": "Seen", "at": timezone.now()}
        asked = corrections.propose_correction(change, **how, actor=at_work("OPERATIONS"))

        with pytest.raises(AboutYou):
            decide(asked, with_own_id())

    def test_nobody_lets_themselves_go_on(self, me):
        how = {"reason": "A complaint", "at": timezone.now()}
        standing.suspend(me, **how, actor=at_work())

        with pytest.raises(AboutYou):
            standing.ask_lift(me, **how, actor=with_own_id())
        asked = standing.ask_lift(me, **how, actor=at_work())
        with pytest.raises(AboutYou):
            decide(asked, with_own_id())

    def test_nobody_lets_their_own_business_in(self, me):
        shop = BusinessFactory(founder=me, is_active=False)
        shop.refresh_from_db()
        how = {"reason": "Complete", "at": timezone.now()}
        for ask in (review.ask_activation, review.ask_send_back):
            with pytest.raises(AboutYou):
                ask(shop, **how, actor=with_own_id())
        asked = review.ask_activation(shop, **how, actor=at_work())

        with pytest.raises(AboutYou):
            decide(asked, with_own_id())

    def test_a_sole_director_is_not_the_bank_that_stands_in(self, me):
        shop, now = BusinessFactory(founder=me), timezone.now()
        change = changes.ask_mandate(
            shop, bands=[Band(None, 1, True)], pin=PIN, at=now, actor=actor_of(me)
        )
        how = {"reason": "One director", "address": "https://bank.example", "at": now}

        with pytest.raises(AboutYou):
            review.ask_confirmation(change, **how, actor=with_own_id())
        with pytest.raises(AboutYou):
            decide(review.ask_confirmation(change, **how, actor=at_work()), with_own_id())

    def test_the_database_refuses_it_too(self, me):
        asked = corrections.propose_correction(
            correction(me, "35790002"), reason="Seen", at=timezone.now(),
            actor=at_work("OPERATIONS"),
        )  # fmt: skip

        with pytest.raises(DatabaseError, match="decides_about_themselves"), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(
                state="APPROVED", checker="STAFF:1", checker_person=me.actor.person,
                decided_at=timezone.now(),
            )  # fmt: skip
