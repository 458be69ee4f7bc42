"""What refuses a signature, a no of one, and what waits."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.access.refusals import WrongPin
from accounts.businesses import queries as businesses
from accounts.businesses.models import Business, Signature
from accounts.businesses.refusals import (
    IntentChanged,
    OverMandate,
    ReasonMissing,
    SignedAlready,
)
from accounts.businesses.states import BUSINESSES
from accounts.deposits import queries as deposit_queries
from accounts.factories import (
    DIRECTOR,
    BusinessFactory,
    actor_of,
)
from accounts.notifications.models import Message
from ledger.factories import take_out
from ledger.money import kes
from payments.approvals import notices
from payments.approvals import operations as approvals
from payments.approvals import queries as approval_queries
from payments.approvals.refusals import NotSentForApproval
from payments.approvals.tests.steps import balance, sign
from payments.factories import BusinessDraftFactory, WaitingFactory
from payments.transfers import operations as transfers
from payments.transfers import queries
from payments.transfers.models import Transfer
from payments.transfers.refusals import (
    DetailsBeingChecked,
    DraftChanged,
    DraftExpired,
    NotEnoughMoney,
    OverDailyLimit,
)

pytestmark = pytest.mark.django_db


class TestRefusals:
    def test_an_edited_payment_has_no_signatures(self, shop, kamau, wanja):
        waiting = WaitingFactory(business=shop, amount="4000")
        seen = queries.intent_digest(waiting)
        sign(waiting, kamau)
        Transfer.objects.filter(pk=waiting.pk).update(amount=4500)

        with pytest.raises(IntentChanged):
            sign(waiting, wanja, seen=seen)
        waiting.refresh_from_db()
        assert sign(waiting, wanja).standing.missing == 1
        assert balance(waiting.source) == kes("1000000")

    def test_an_edit_cancels_it_and_makes_another(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")
        other = BusinessDraftFactory(business=shop, target=waiting.target, amount="2000")
        assert other.pk != waiting.pk

        transfers.draft(
            reference=waiting.public_id,
            source=waiting.source,
            payee=other_payee(waiting),
            money=kes("2500"),
            reason="",
            at=waiting.requested_at,
            actor=actor_of(waiting.customer),
            replaces=waiting.public_id,
        )

        with pytest.raises(DraftChanged):
            sign(waiting, kamau)

    def test_too_little_money_keeps_no_signature(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")
        drain(waiting.source, leave="100")

        with pytest.raises(NotEnoughMoney):
            sign(waiting, kamau)

        assert not Signature.objects.filter(intent=queries.intent_of(waiting)).exists()
        waiting.refresh_from_db()
        assert waiting.state == "WAITING"

    def test_a_week_is_the_longest_it_waits(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")

        with pytest.raises(DraftExpired):
            sign(waiting, kamau, at=waiting.requested_at + timedelta(days=7))

    def test_it_is_not_signed_before_it_was_asked_for(self, shop, kamau):
        with pytest.raises(NotSentForApproval):
            sign(BusinessDraftFactory(business=shop), kamau)

    def test_a_wrong_pin_signs_nothing(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")

        with pytest.raises(WrongPin):
            sign(waiting, kamau, secret="0001")

        assert not Signature.objects.filter(intent=queries.intent_of(waiting)).exists()

    def test_the_mandate_may_end_at_an_amount(self, kamau):
        shop = BusinessFactory(
            others=[(kamau, DIRECTOR)], bands=(("2000", 1, False),), balance="9000"
        )
        draft = BusinessDraftFactory(business=shop, amount="2001")

        with pytest.raises(OverMandate) as refusal:
            approvals.ask(draft, at=draft.requested_at, actor=actor_of(draft.customer))
        assert "KES\u00a02,000.00" in str(refusal.value) or "KES 2,000.00" in str(refusal.value)

    def test_a_business_sends_up_to_five_million_a_day(self, kamau):
        """kenya.md 7.1."""
        shop = BusinessFactory(
            others=[(kamau, DIRECTOR)], bands=((None, 1, False),), balance="9000000"
        )

        with pytest.raises(OverDailyLimit) as refusal:
            BusinessDraftFactory(business=shop, amount="5000000.01")
        assert "5,000,000.00" in str(refusal.value)

    def test_a_suspended_business_pays_nothing(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="3000")
        BUSINESSES.move(Business.objects.get(pk=shop.pk), to="SUSPENDED")

        with pytest.raises(DetailsBeingChecked):
            sign(waiting, kamau)
        assert balance(waiting.source) == kes("1000000")


class TestRejecting:
    def test_ends_it_for_good_and_tells_the_maker_why(self, shop, kamau, wanja):
        waiting = WaitingFactory(business=shop, amount="4000")
        seen = queries.intent_digest(waiting)
        sign(waiting, wanja)

        row = approvals.reject(
            waiting, seen=seen, reason="Wrong supplier.", at=waiting.requested_at,
            actor=actor_of(kamau),
        )  # fmt: skip
        notices.tell_maker(message_id=1, transfer=row.pk, at=waiting.requested_at)
        notices.tell_maker(message_id=1, transfer=row.pk, at=waiting.requested_at)

        assert row.state == "REJECTED"
        told = Message.objects.get(kind="approval_rejected")
        assert "Peter Kamau rejected" in told.body
        assert "Wrong supplier." in told.body
        waiting.refresh_from_db()
        with pytest.raises(DraftChanged):
            sign(waiting, wanja)
        decided = approval_queries.decisions_on(shop, row)
        assert [one.decision for one in decided] == ["APPROVED", "REJECTED"]

    def test_takes_a_reason_and_one_who_has_not_decided(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="4000")
        order = {
            "seen": queries.intent_digest(waiting),
            "at": waiting.requested_at,
            "actor": actor_of(kamau),
        }

        with pytest.raises(ReasonMissing):
            approvals.reject(waiting, reason=" ", **order)
        with pytest.raises(IntentChanged):
            approvals.reject(waiting, reason="No", **order | {"seen": "x"})
        sign(waiting, kamau)
        with pytest.raises(SignedAlready):
            approvals.reject(waiting, reason="No", **order)


class TestWaiting:
    def test_stands_in_the_queue_for_who_can_sign_it(self, shop, kamau):
        waiting = WaitingFactory(business=shop, amount="4000")
        at = waiting.requested_at
        founder, other = (businesses.membership(actor_of(who), shop)
                          for who in (waiting.customer, kamau))  # fmt: skip

        [mine], [his] = (approval_queries.waiting_for(who, at=at) for who in (founder, other))

        assert (mine.is_mine, mine.is_for_me) == (True, False)
        assert (his.is_mine, his.is_for_me) == (False, True)
        late = at + timedelta(days=8)
        assert approval_queries.waiting_for(other, at=late) == []

    def test_is_told_to_everybody_who_can_sign(self, shop, kamau, wanja):
        waiting = WaitingFactory(business=shop, amount="4000")

        notices.ask_signatories(message_id=7, transfer=waiting.pk, at=waiting.requested_at)
        notices.ask_signatories(message_id=7, transfer=waiting.pk, at=waiting.requested_at)

        told = Message.objects.filter(kind="approval_waiting")
        assert {message.user for message in told} == {kamau.user, wanja.user}
        assert "Nothing is paid yet" in told[0].body

    def test_is_not_told_to_the_one_who_made_it(self, kamau):
        shop = BusinessFactory(others=[(kamau, DIRECTOR)], bands=((None, 1, True),), balance="9000")
        waiting = WaitingFactory(business=shop, amount="4000")

        notices.ask_signatories(message_id=8, transfer=waiting.pk, at=waiting.requested_at)

        told = Message.objects.filter(kind="approval_waiting")
        assert {message.user for message in told} == {kamau.user}


def other_payee(waiting):
    return deposit_queries.find_payee(waiting.target.number)


def drain(account, *, leave):
    take_out(account.ledger_account, str(balance(account).amount - Decimal(leave)))
