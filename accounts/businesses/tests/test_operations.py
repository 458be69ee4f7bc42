"""Registering a business, joining it, and what takes two directors (CK04, kenya.md 7)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.access.refusals import WrongPin
from accounts.businesses import changes, invitations, mandates, opening, queries
from accounts.businesses import operations as businesses
from accounts.businesses.mandates import Band
from accounts.businesses.models import BeneficialOwner, Business, Change, Invitation, Member
from accounts.businesses.refusals import (
    BadKraPin,
    BadMandate,
    BadRegistrationNo,
    BusinessKnown,
    ChangeOver,
    ContactInvited,
    IntentChanged,
    InvitationOver,
    LastDirector,
    NeedsAnotherDirector,
    NoSuchBusiness,
    NotADraft,
    NotChangeable,
    NotComplete,
    NotInvited,
    NotYourRole,
    OwnerNamedTwice,
    ReasonMissing,
    SharesTooMany,
    ShareTooSmall,
    StaffOnly,
)
from accounts.businesses.states import INVITATIONS
from accounts.customers.refusals import BadName
from accounts.factories import (
    DIRECTOR,
    PIN,
    STAFF,
    BusinessFactory,
    CustomerFactory,
    StaffMemberFactory,
    UserFactory,
    accept_papers,
    actor_of,
    payload_of,
    staff_actor,
)
from accounts.limits import queries as limits
from accounts.notifications.models import Message
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import OwnApproval
from ledger.controls.models import AuditEntry
from ledger.money import kes
from wekeza.kit.states import IllegalMove

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Role = Member.Role
COMPANY = {
    "name": "Wekeza Hardware Ltd",
    "registration_no": "PVT-AB12CD3",
    "kra_pin": "P051234567Z",
    "sector": "CONSTRUCTION",
    "nature": "Sells building materials",
    "address": "Kirinyaga Road 12, Nairobi",
}
ANY_ONE = [Band(None, 1, maker_counts=True)]


@pytest.fixture
def njeri():
    return CustomerFactory(full_name="Achieng Njeri")


@pytest.fixture
def kamau():
    return CustomerFactory(full_name="Peter Kamau")


@pytest.fixture
def draft(njeri):
    return begin(njeri)


@pytest.fixture
def shop(njeri, kamau):
    """Two directors who both sign."""
    return BusinessFactory(founder=njeri, others=[(kamau, DIRECTOR)])


def begin(founder, **other):
    return businesses.begin(founder, **COMPANY | other, at=AT, actor=actor_of(founder))


def name(business, founder, **facts):
    owner = {"full_name": "Achieng Njeri", "national_id": "23456789", "share_percent": Decimal(60)}
    return businesses.name_owner(business, **owner | facts, at=AT, actor=actor_of(founder))


def sign_and_send(business, founder):
    by = {"at": AT, "actor": actor_of(founder)}
    seen = businesses.text_hash(businesses.resolution_text(business, language="en"))
    businesses.resolve(business, seen=seen, language="en", **by)
    businesses.submit(business, **by)


def invite(business, director, contact, roles=DIRECTOR):
    """The invitation and the token of its link."""
    links = []
    made = invitations.invite(
        business,
        full_name="Peter Kamau",
        contact=contact,
        roles=roles,
        address_of=lambda token: links.append(token) or f"https://bank.example/{token}",
        at=AT,
        actor=actor_of(director),
    )
    return made, links[0]


def accept(invitation, person, seen="", at=AT):
    return invitations.accept(invitation, customer=person, seen=seen, at=at, actor=actor_of(person))


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


class TestInvitations:
    def test_are_made_by_one_director_only_while_the_business_registers(self, njeri, kamau):
        crony = CustomerFactory(full_name="Wanja Otieno")
        sent = BusinessFactory(founder=njeri, is_active=False)
        shop = BusinessFactory(founder=njeri, others=[(kamau, DIRECTOR)])

        for business in (sent, shop):
            with pytest.raises(NotADraft):
                invite(business, njeri, crony.user.phone, roles=[Role.SIGNATORY])
            assert not business.invitations.filter(state="OPEN").exists()

    @pytest.mark.parametrize("state", ["CHECKING", "SUSPENDED", "CLOSED"])
    def test_let_nobody_in_while_the_business_is_stopped(self, shop, njeri, kamau, state):
        wanja, links = CustomerFactory(), []
        change = changes.ask_invitation(
            shop, full_name="Wanja Otieno", contact=wanja.user.phone, roles=[Role.SIGNATORY],
            pin=PIN, at=AT, actor=actor_of(njeri),
        )  # fmt: skip
        changes.agree(
            change, seen=change.digest, pin=PIN, address_of=lambda token: links.append(token) or "",
            at=AT, actor=actor_of(kamau),
        )  # fmt: skip
        Business.objects.filter(pk=shop.pk).update(state=state)

        with pytest.raises(InvitationOver):
            accept(queries.invitation_by(links[0], at=AT), wanja)

    def test_make_a_director_who_signs_by_accepting(self, njeri, kamau):
        draft = BusinessFactory(founder=njeri, is_sent=False)
        invitation, token = invite(draft, njeri, kamau.user.phone)
        assert queries.invitation_by(token, at=AT) == invitation
        seen = queries.resolution_of(draft).text_hash

        accept(invitation, kamau, seen=seen)

        [one] = queries.memberships_of(actor_of(kamau))
        assert (one.business, one.roles) == (draft, {Role.DIRECTOR, Role.SIGNATORY})
        assert queries.unsigned_directors(draft) == []
        assert AuditEntry.objects.filter(deed="business.member_joined").exists()

    def test_say_in_plain_words_what_cannot_become_of_them(self, draft, njeri, kamau):
        invitation, _token = invite(draft, njeri, kamau.user.phone)
        invitations.withdraw(invitation, at=AT, actor=actor_of(njeri))
        invitation.refresh_from_db()

        with pytest.raises(IllegalMove) as refusal:
            INVITATIONS.move(invitation, to="OPEN")

        assert str(refusal.value) == (
            "Nothing was changed. Its state is “Withdrawn” and cannot become “Invited”. "
            "Look at it again"
        )

    def test_reach_an_email_address_too(self, draft, njeri, kamau):
        invitation, token = invite(draft, njeri, kamau.user.email)

        text = Message.objects.get(kind="business_invited")
        assert (text.channel, text.recipient) == ("EMAIL", kamau.user.email)
        assert token in text.body
        accept(invitation, kamau)

    def test_can_be_used_only_by_whom_they_are_for(self, draft, njeri, kamau):
        invitation, _token = invite(draft, njeri, kamau.user.phone)
        stranger = CustomerFactory()

        with pytest.raises(NotInvited):
            accept(invitation, stranger)
        assert queries.memberships_of(actor_of(stranger)) == []

    def test_are_not_for_a_phone_that_was_never_proved(self, draft, njeri):
        user = UserFactory()
        invitation, _token = invite(draft, njeri, user.phone)
        user.is_phone_verified = False

        with pytest.raises(NotInvited):
            invitations.check_invited(invitation, user)

    def test_work_once(self, draft, njeri, kamau):
        invitation, token = invite(draft, njeri, kamau.user.phone)
        accept(invitation, kamau)

        with pytest.raises(InvitationOver):
            accept(invitation, kamau)
        with pytest.raises(InvitationOver):
            queries.invitation_by(token, at=AT)

    def test_work_for_seven_days(self, draft, njeri, kamau):
        invitation, token = invite(draft, njeri, kamau.user.phone)
        late = AT + timedelta(days=7)

        assert queries.invitation_by(token, at=late - timedelta(seconds=1))
        with pytest.raises(InvitationOver):
            queries.invitation_by(token, at=late)
        with pytest.raises(InvitationOver):
            accept(invitation, kamau, at=late)

    def test_can_be_declined_and_withdrawn(self, draft, njeri, kamau):
        first, _token = invite(draft, njeri, kamau.user.phone)
        with pytest.raises(ContactInvited):
            invite(draft, njeri, kamau.user.phone)
        invitations.decline(first, user=kamau.user, at=AT, actor=actor_of(kamau))
        second, _token = invite(draft, njeri, kamau.user.phone)
        invitations.withdraw(second, at=AT, actor=actor_of(njeri))

        for one in (first, second):
            with pytest.raises(InvitationOver):
                accept(one, kamau)
        with pytest.raises(InvitationOver):
            invitations.withdraw(second, at=AT, actor=actor_of(njeri))

    def test_are_kept_as_hash_and_hidden(self, draft, njeri, kamau):
        invitation, token = invite(draft, njeri, kamau.user.phone)

        kept = Invitation.objects.filter(pk=invitation.pk).values().get()
        assert token not in str(kept)
        assert invitations.masked_contact(invitation).count("•") == 3

    def test_are_sent_by_directors_only(self, njeri, kamau):
        draft = BusinessFactory(founder=njeri, others=[(kamau, [Role.MAKER])], is_sent=False)

        with pytest.raises(NotYourRole):
            invite(draft, kamau, "+254712345678")


class TestTheMandate:
    def test_keeps_every_version_with_its_dates(self, shop):
        with transaction.atomic():
            mandates.install(shop, bands=[Band(None, 2)], at=AT, actor=STAFF)

        assert [(band.needed, band.version) for band in queries.bands_of(shop)] == [(2, 2)]
        old = shop.bands.get(version=1)
        assert old.valid_until == AT

    @pytest.mark.parametrize(
        ("bands", "words"),
        [
            ([], "at least for one amount"),
            ([Band(None, 1), Band(Decimal(5), 1)], "Only the last line"),
            ([Band(Decimal(9), 1), Band(Decimal(5), 1)], "higher than the one above"),
            ([Band(None, 3)], "3 signatures, but have 1 signatories"),
            ([Band(Decimal(n), 1) for n in range(1, 7)], "up to 5 lines"),
        ],
    )
    def test_is_refused_when_it_is_none(self, draft, njeri, bands, words):
        with pytest.raises(BadMandate) as refusal:
            businesses.choose_mandate(draft, bands=bands, at=AT, actor=actor_of(njeri))
        assert words in str(refusal.value)


class TestChanges:
    def ask(self, shop, person, **other):
        order = {"bands": [Band(None, 2)], "pin": PIN, "at": AT, "actor": actor_of(person)}
        return changes.ask_mandate(shop, **order | other)

    def agree(self, change, person, **other):
        order = {"seen": change.digest, "pin": PIN, "address_of": str, "at": AT}
        return changes.agree(change, **order | {"actor": actor_of(person)} | other)

    def test_of_the_mandate_take_two_directors(self, shop, njeri, kamau):
        change = self.ask(shop, njeri)
        assert queries.bands_of(shop)[0].needed == 1

        with pytest.raises(NeedsAnotherDirector):
            self.agree(change, njeri)
        self.agree(change, kamau)

        assert queries.bands_of(shop)[0].needed == 2
        with pytest.raises(ChangeOver):
            self.agree(change, kamau)
        with pytest.raises(IntegrityError), transaction.atomic():
            Change.objects.filter(pk=change.pk).update(decided_by=njeri)

    def test_of_the_team_take_two_directors(self, shop, njeri, kamau):
        wanja, links = CustomerFactory(), []
        change = changes.ask_invitation(
            shop, full_name="Wanja Otieno", contact=wanja.user.phone, roles=[Role.VIEWER],
            pin=PIN, at=AT, actor=actor_of(njeri),
        )  # fmt: skip
        assert queries.invitations_to(wanja.user, at=AT) == []
        self.agree(change, kamau, address_of=lambda token: links.append(token) or token)
        accept(queries.invitation_by(links[0], at=AT), wanja)
        change = changes.ask_leave(shop, customer=wanja.pk, pin=PIN, at=AT, actor=actor_of(njeri))
        assert queries.one_of(actor_of(wanja), public_id=shop.public_id)
        self.agree(change, kamau)

        with pytest.raises(NoSuchBusiness):
            queries.one_of(actor_of(wanja), public_id=shop.public_id)

    @pytest.mark.parametrize("state", ["DRAFT", "SUBMITTED", "CHECKING", "SUSPENDED", "CLOSED"])
    def test_are_for_businesses_that_bank_here_undisturbed(self, shop, njeri, kamau, state):
        waiting = self.ask(shop, njeri)
        Business.objects.filter(pk=shop.pk).update(state=state)
        invited = {"full_name": "Wanja", "contact": "+254711222333", "roles": [Role.SIGNATORY]}
        by = {"pin": PIN, "at": AT, "actor": actor_of(njeri)}

        for ask in (
            lambda: changes.ask_invitation(shop, **invited, **by),
            lambda: changes.ask_leave(shop, customer=kamau.pk, **by),
            lambda: self.ask(shop, njeri),
            lambda: self.agree(waiting, kamau),
        ):
            with pytest.raises(NotChangeable):
                ask()
        assert shop.changes.get() == waiting
        assert not shop.invitations.filter(state="PROPOSED").exists()

    def test_end_with_the_invitation_that_they_ask_for(self, shop, njeri, kamau):
        change = changes.ask_invitation(
            shop, full_name="Wanja Otieno", contact="+254711222333", roles=[Role.VIEWER],
            pin=PIN, at=AT, actor=actor_of(njeri),
        )  # fmt: skip
        invitation = Invitation.objects.get(pk=change.payload["invitation"])

        invitations.withdraw(invitation, at=AT, actor=actor_of(njeri))

        change.refresh_from_db()
        assert (change.state, change.reason) == ("REJECTED", "The invitation was withdrawn")
        with pytest.raises(ChangeOver):
            self.agree(change, kamau)

    def test_are_agreed_to_as_they_were_shown_and_in_time(self, shop, njeri, kamau):
        change = self.ask(shop, njeri)

        with pytest.raises(IntentChanged):
            self.agree(change, kamau, seen="x")
        with pytest.raises(WrongPin):
            self.agree(change, kamau, pin="0000")
        with pytest.raises(ChangeOver):
            self.agree(change, kamau, at=AT + timedelta(days=7))
        assert queries.bands_of(shop)[0].needed == 1

    def test_are_checked_again_when_they_are_made(self, shop, njeri, kamau):
        change = self.ask(shop, njeri)
        Member.objects.filter(business=shop, customer=kamau, role=Role.SIGNATORY).update(
            left_at=datetime.now(UTC)
        )

        with pytest.raises(BadMandate):
            self.agree(change, kamau)
        change.refresh_from_db()
        assert change.state == "PENDING"

    def test_can_be_turned_down_with_a_reason(self, shop, njeri, kamau):
        change = self.ask(shop, njeri)

        with pytest.raises(ReasonMissing):
            changes.turn_down(change, reason="", at=AT, actor=actor_of(kamau))
        changes.turn_down(change, reason="Too slow", at=AT, actor=actor_of(kamau))

        with pytest.raises(ChangeOver):
            self.agree(change, kamau)

    def test_are_for_directors(self, njeri, kamau):
        shop = BusinessFactory(founder=njeri, others=[(kamau, [Role.SIGNATORY])])

        with pytest.raises(NotYourRole):
            self.ask(shop, kamau)

    def test_of_a_sole_director_are_confirmed_by_the_bank(self, njeri, shop):
        small = BusinessFactory(founder=njeri)
        change = self.ask(small, njeri, bands=[Band(Decimal(9000), 1, maker_counts=True)])
        order = {"approval": "A-1", "at": AT}
        payload = {"change": str(change.public_id), "address": "https://bank.example"}

        with pytest.raises(StaffOnly):
            changes.confirm(payload=payload, actor=actor_of(njeri), **order)
        with pytest.raises(NeedsAnotherDirector):
            other = {"change": str(self.ask(shop, njeri).public_id)}
            changes.confirm(payload=payload | other, actor=STAFF, **order)
        changes.confirm(payload=payload, actor=STAFF, **order)

        assert queries.bands_of(small)[0].limit == kes("9000")


class TestLeaving:
    def test_is_at_once_and_by_oneself(self, shop, kamau):
        changes.leave(shop, at=datetime.now(UTC), actor=actor_of(kamau))

        with pytest.raises(NoSuchBusiness):
            queries.one_of(actor_of(kamau), public_id=shop.public_id)

    def test_is_not_for_the_last_director(self, njeri):
        with pytest.raises(LastDirector):
            changes.leave(BusinessFactory(founder=njeri), at=AT, actor=actor_of(njeri))
