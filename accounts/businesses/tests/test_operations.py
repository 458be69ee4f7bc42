"""Registering a business, joining it, and what takes two directors (CK04, kenya.md 7)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.businesses import opening, queries
from accounts.businesses import operations as businesses
from accounts.businesses.mandates import Band
from accounts.businesses.models import BeneficialOwner, Business, Member
from accounts.businesses.refusals import (
    BadKraPin,
    BadRegistrationNo,
    BusinessKnown,
    IntentChanged,
    InvitationOver,
    NoSuchBusiness,
    NotADraft,
    NotComplete,
    OwnerNamedTwice,
    SharesTooMany,
    ShareTooSmall,
    StaffOnly,
)
from accounts.businesses.tests.steps import AT, COMPANY, Role, accept, begin, invite, name
from accounts.customers.refusals import BadName
from accounts.factories import (
    STAFF,
    BusinessFactory,
    StaffMemberFactory,
    accept_papers,
    actor_of,
    payload_of,
    staff_actor,
)
from accounts.limits import queries as limits
from accounts.notifications.models import Message
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import OwnApproval
from ledger.money import kes

pytestmark = pytest.mark.django_db


ANY_ONE = [Band(None, 1, maker_counts=True)]


def sign_and_send(business, founder):
    by = {"at": AT, "actor": actor_of(founder)}
    seen = businesses.text_hash(businesses.resolution_text(business, language="en"))
    businesses.resolve(business, seen=seen, language="en", **by)
    businesses.submit(business, **by)


class TestTheCompany:
    def test_is_begun_once_with_its_founder_as_director(self, njeri, draft):
        again = begin(njeri, name="Wekeza Hardware Limited")

        assert again == draft
        assert again.name == "Wekeza Hardware Limited"
        [one] = queries.memberships_of(actor_of(njeri))
        assert one.roles == {Role.DIRECTOR, Role.SIGNATORY, Role.MAKER}

    @pytest.mark.parametrize("number", ["PVT-AB12CD3", "BN/20231234", "llp 1234", "CPR/2010/12345"])
    def test_has_a_registration_number_of_the_registry(self, njeri, number):
        assert begin(njeri, registration_no=number).is_draft

    @pytest.mark.parametrize("number", ["AB12CD3", "PVT-1", "PVT_12345", "PVT-٠١٢٣٤", "X" * 19])
    def test_is_refused_with_another_number(self, njeri, number):
        with pytest.raises(BadRegistrationNo):
            begin(njeri, registration_no=number)

    @pytest.mark.parametrize("pin", ["A051234567Z", "P05123456Z", "P0512345678", ""])
    def test_is_refused_with_a_pin_that_is_no_companys(self, njeri, pin):
        with pytest.raises(BadKraPin):
            begin(njeri, kra_pin=pin)

    def test_that_banks_here_is_not_registered_twice(self, shop, njeri):
        with pytest.raises(BusinessKnown):
            begin(njeri, registration_no=shop.registration_no)
        with pytest.raises(BusinessKnown):
            begin(njeri, kra_pin=shop.kra_pin)

    def test_of_two_who_register_it_side_by_side_the_first_is_taken(self, njeri, kamau):
        ours = BusinessFactory(founder=njeri, is_sent=False)
        facts = {"registration_no": ours.registration_no, "is_sent": False}
        theirs = BusinessFactory(founder=kamau, **facts)
        businesses.submit(ours, at=AT, actor=actor_of(njeri))

        with pytest.raises(BusinessKnown):
            businesses.submit(theirs, at=AT, actor=actor_of(kamau))
        with pytest.raises(IntegrityError), transaction.atomic():
            Business.objects.filter(pk=theirs.pk).update(state="SUBMITTED")

    def test_cannot_be_changed_once_it_was_sent(self, njeri):
        sent = BusinessFactory(founder=njeri, is_active=False)

        with pytest.raises(NotADraft):
            businesses.tell_company(sent, **COMPANY, at=AT, actor=actor_of(njeri))


class TestItsOwners:
    def test_are_named_from_ten_percent_on(self, draft, njeri):
        name(draft, njeri, share_percent=Decimal(10))

        with pytest.raises(ShareTooSmall):
            name(draft, njeri, share_percent=Decimal("9.99"))
        with pytest.raises(IntegrityError), transaction.atomic():
            BeneficialOwner.objects.update(share_percent=Decimal("9.99"))

    @pytest.mark.parametrize("full_name", ["12345 ???", "", "Achieng", "Achieng N3eri"])
    def test_have_names_as_people_do(self, draft, njeri, full_name):
        with pytest.raises(BadName):
            name(draft, njeri, full_name=full_name)
        assert queries.owners_of(draft) == []

    def test_own_no_more_than_the_whole(self, draft, njeri):
        name(draft, njeri, share_percent=Decimal(60))

        with pytest.raises(SharesTooMany) as refusal:
            name(draft, njeri, national_id="34567890", share_percent=Decimal("40.01"))
        assert "100.01%. Enter 40% or less" in str(refusal.value)
        name(draft, njeri, national_id="34567890", share_percent=Decimal(40))
        assert queries.shares_named(draft) == 100

    def test_are_named_once_and_can_be_taken_off_again(self, draft, njeri):
        owner = name(draft, njeri)

        with pytest.raises(OwnerNamedTwice):
            name(draft, njeri, share_percent=Decimal(10))
        businesses.forget_owner(draft, owner=owner.pk, at=AT, actor=actor_of(njeri))
        assert queries.owners_of(draft) == []


class TestTheResolution:
    def test_is_signed_as_it_was_shown(self, draft, njeri):
        name(draft, njeri)
        by = {"at": AT, "actor": actor_of(njeri)}
        businesses.choose_mandate(draft, bands=ANY_ONE, **by)
        seen = businesses.text_hash(businesses.resolution_text(draft, language="en"))

        with pytest.raises(IntentChanged):
            businesses.resolve(draft, seen="x" * 64, language="en", **by)
        signed = businesses.resolve(draft, seen=seen, language="en", **by)

        assert "Achieng Njeri, 60%" in signed.text
        assert businesses.text_hash(signed.text) == signed.text_hash == seen
        assert queries.unsigned_directors(draft) == []

    def test_no_longer_holds_when_the_facts_are_others(self, njeri):
        draft = BusinessFactory(founder=njeri, is_sent=False)
        name(draft, njeri, national_id="34567890", share_percent=Decimal(20))

        assert queries.resolution_of(draft) is None
        with pytest.raises(NotComplete):
            businesses.submit(draft, at=AT, actor=actor_of(njeri))

    def test_needs_owners_and_mandate_first(self, draft, njeri):
        with pytest.raises(NotComplete) as refusal:
            businesses.resolve(draft, seen="", language="en", at=AT, actor=actor_of(njeri))
        assert "the owners" in str(refusal.value)


class TestActivating:
    def order(self, business, **other):
        return {
            "payload": payload_of(business),
            "approval": "A-1",
            "actor": STAFF,
            "at": AT,
        } | other

    def test_opens_the_account_with_the_limits_of_a_business(self, njeri):
        """kenya.md 7.1: no maximum, five million a day, fifty a month."""
        sent = BusinessFactory(founder=njeri, is_active=False)

        opening.activate(**self.order(sent))

        account = sent.deposit_accounts.get()
        assert account.number.startswith("00170")
        assert account.ledger_account.control.code == "2060"
        assert account.customer_id is None
        room = limits.room_left(sent, AT)
        assert (room.day.cap, room.month.cap) == (kes("5000000"), kes("50000000"))
        assert room.per_transfer is None
        assert Message.objects.filter(kind="business_active", user=njeri.user).count() == 1

    def test_is_done_once_and_by_staff_only(self, njeri):
        sent = BusinessFactory(founder=njeri, is_active=False)

        with pytest.raises(StaffOnly):
            opening.activate(**self.order(sent, actor=actor_of(njeri)))
        opening.activate(**self.order(sent))
        with pytest.raises(NotADraft):
            opening.activate(**self.order(sent))
        assert sent.deposit_accounts.count() == 1

    def test_takes_two_members_of_staff(self, njeri):
        sent = BusinessFactory(founder=njeri, is_active=False)
        maker, checker = (
            staff_actor(StaffMemberFactory(role_id=role)) for role in ("OPERATIONS", "COMPLIANCE")
        )
        now = datetime.now(UTC)
        asked = approvals.propose(
            deed="businesses.activate",
            subject=sent,
            payload=payload_of(sent),
            changes=[approvals.Change("state", "SUBMITTED", "ACTIVE")],
            reason="The papers are right",
            actor=maker,
            at=now,
        )

        with pytest.raises(OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=maker, at=now)
        assert not sent.deposit_accounts.exists()
        approvals.approve(asked, digest=asked.digest, actor=checker, at=now)

        sent.refresh_from_db()
        assert sent.is_active
        assert sent.deposit_accounts.count() == 1

    def test_waits_until_every_director_has_signed(self, njeri, kamau):
        sent = BusinessFactory(founder=njeri, is_active=False)
        Member.objects.create(business=sent, customer=kamau, role=Role.DIRECTOR, joined_at=AT)

        with pytest.raises(NotComplete) as refusal:
            opening.activate(**self.order(sent))
        assert "P. Kamau" in str(refusal.value)

    def test_waits_until_enough_people_may_sign(self, draft, njeri, kamau):
        name(draft, njeri)
        invite(draft, njeri, kamau.user.phone)
        bands = [Band(None, 2)]
        businesses.choose_mandate(draft, bands=bands, at=AT, actor=actor_of(njeri))
        accept_papers(draft)
        sign_and_send(draft, njeri)

        with pytest.raises(NotComplete):
            opening.activate(**self.order(draft))

    def test_can_be_put_off_with_a_reason_that_directors_read(self, njeri):
        sent = BusinessFactory(founder=njeri, is_active=False)
        order = self.order(sent)
        order["payload"]["reason"] = "The certificate is blurred."

        opening.send_back(**order)

        sent.refresh_from_db()
        assert sent.is_draft
        assert "blurred" in Message.objects.get(kind="business_sent_back").body
        with pytest.raises(NoSuchBusiness):
            unknown = {"business": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11", "reason": ""}
            opening.send_back(**self.order(sent, payload=unknown))

    def test_of_a_registration_that_was_sent_back_and_again_is_asked_anew(self, njeri):
        sent = BusinessFactory(founder=njeri, is_active=False)
        looked_at, by = self.order(sent), {"at": AT, "actor": actor_of(njeri)}
        opening.send_back(**looked_at | {"payload": looked_at["payload"] | {"reason": "Blurred"}})
        businesses.tell_company(sent, **COMPANY | {"nature": "Sells another thing"}, **by)
        sign_and_send(sent, njeri)

        with pytest.raises(IntentChanged):
            opening.activate(**looked_at)
        with pytest.raises(IntentChanged):
            opening.send_back(**looked_at)
        opening.activate(**self.order(sent))

    def test_takes_back_the_invitations_that_nobody_answered(self, draft, njeri, kamau):
        name(draft, njeri)
        invitation, _token = invite(draft, njeri, kamau.user.phone)
        businesses.choose_mandate(draft, bands=ANY_ONE, at=AT, actor=actor_of(njeri))
        accept_papers(draft)
        sign_and_send(draft, njeri)

        opening.activate(**self.order(draft))

        invitation.refresh_from_db()
        assert invitation.state == "WITHDRAWN"
        with pytest.raises(InvitationOver):
            accept(invitation, kamau)
        assert queries.with_role(draft, Role.SIGNATORY) == [njeri]

    def test_is_asked_anew_when_somebody_joins_meanwhile(self, draft, njeri, kamau):
        name(draft, njeri)
        invitation, _token = invite(draft, njeri, kamau.user.phone, roles=[Role.SIGNATORY])
        businesses.choose_mandate(draft, bands=ANY_ONE, at=AT, actor=actor_of(njeri))
        accept_papers(draft)
        sign_and_send(draft, njeri)
        looked_at = self.order(draft)
        accept(invitation, kamau)

        with pytest.raises(IntentChanged):
            opening.activate(**looked_at)
