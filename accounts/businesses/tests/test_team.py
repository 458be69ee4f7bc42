"""Who joins a business, what its mandate says, and how two directors change either."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.access.refusals import WrongPin
from accounts.businesses import changes, invitations, mandates, queries
from accounts.businesses import operations as businesses
from accounts.businesses.mandates import Band
from accounts.businesses.models import Business, Change, Invitation, Member
from accounts.businesses.refusals import (
    BadMandate,
    ChangeOver,
    ContactInvited,
    IntentChanged,
    InvitationOver,
    LastDirector,
    NeedsAnotherDirector,
    NoSuchBusiness,
    NotADraft,
    NotChangeable,
    NotInvited,
    NotYourRole,
    ReasonMissing,
    StaffOnly,
)
from accounts.businesses.states import INVITATIONS
from accounts.businesses.tests.steps import AT, Role, accept, invite
from accounts.factories import (
    DIRECTOR,
    PIN,
    STAFF,
    BusinessFactory,
    CustomerFactory,
    UserFactory,
    actor_of,
)
from accounts.notifications.models import Message
from ledger.controls.models import AuditEntry
from ledger.money import kes
from wekeza.kit.states import IllegalMove

pytestmark = pytest.mark.django_db


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


class TestTheResolution:
    def test_speaks_of_two_directors_only_where_there_are(self, njeri, kamau):
        sole = BusinessFactory(founder=njeri, is_sent=False)

        alone = businesses.resolution_text(sole, language="en")
        invite(sole, njeri, "+254712345678", roles=DIRECTOR)
        together = businesses.resolution_text(sole, language="en")

        assert "The company has one director." in alone and "two directors" not in alone
        assert "only when two directors agree" in together


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
            ([Band(None, 3)], "3 signatures, but have one signatory"),
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
