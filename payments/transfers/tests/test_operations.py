"""Drafting, authorising and sending a transfer, one customer at a time."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.access import operations as access
from accounts.access.models import Challenge
from accounts.access.refusals import CodeExpired, WrongCode, WrongPin
from accounts.access.tests import steps
from accounts.access.tests.apps import code_at, give_app
from accounts.deposits import operations as deposits
from accounts.deposits import queries as deposit_queries
from accounts.factories import PIN, DepositAccountFactory, actor_of
from accounts.notifications.models import Message
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.refusals import ReferenceReused
from payments.factories import DraftFactory, TransferFactory
from payments.transfers import operations as transfers
from payments.transfers import refusals
from payments.transfers.models import Transfer
from payments.transfers.tests.steps import AT, balance, big_payee, send_many, spent_today
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


class TestDraft:
    @pytest.mark.proves("MV34")
    def test_holds_the_details_for_ten_minutes_and_moves_nothing(self):
        draft = DraftFactory(amount="1500", reason="Rent", at=AT)

        assert draft.is_draft
        assert draft.payee_name == "Grace Wanjiku Mwangi"
        assert draft.total == kes(1500)
        assert draft.held_until == AT + timedelta(minutes=10)
        assert balance(draft.source) == kes(5000)
        assert not Entry.objects.filter(source=f"payments.transfer:{draft.pk}").exists()

    def test_the_same_form_twice_is_one_draft(self):
        payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        form = order(payer, payee, "100")

        assert transfers.draft(**form) == transfers.draft(**form)

    def test_the_same_form_with_another_amount_is_refused(self):
        payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        form = order(payer, payee, "100")
        transfers.draft(**form)

        with pytest.raises(ReferenceReused):
            transfers.draft(**form | {"money": kes(200)})

    def test_the_same_key_with_another_reason_or_way_of_reaching_is_refused(self):
        payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        form = order(payer, payee, "100")
        transfers.draft(**form)
        by_phone = deposit_queries.find_payee(payee.customer.user.phone)

        for other in ({"reason": "Rent"}, {"payee": by_phone}):
            with pytest.raises(ReferenceReused):
                transfers.draft(**form | other)

    def test_stays_as_it_was_when_the_payee_has_another_phone(self):
        payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        user, before = payee.customer.user, payee.customer.user.phone
        form = order(payer, payee, "100") | {"payee": deposit_queries.find_payee(before)}
        draft = transfers.draft(**form)
        shown = draft.masked_recipient
        assert shown.endswith(before[-3:])
        assert draft.recipient.endswith(before[-3:])

        access.set_phone(user, phone=steps.spare_phone(), is_verified=True, at=AT)

        draft = Transfer.objects.get(pk=draft.pk)
        assert draft.masked_recipient == shown
        assert draft.recipient == ""  # The new number is not the payer's to know.

    def test_an_edit_cancels_the_earlier_draft(self):
        earlier = DraftFactory(at=AT)

        edited = transfers.draft(
            **order(earlier.source, earlier.target, "900"), replaces=earlier.public_id
        )

        earlier.refresh_from_db()
        assert earlier.state == "CANCELLED"
        assert edited.is_draft

    def test_an_edit_after_sending_is_told_that_it_was_sent(self):
        sent = TransferFactory(at=AT)

        with pytest.raises(refusals.AlreadySent) as refusal:
            transfers.draft(**order(sent.source, sent.target, "900"), replaces=sent.public_id)
        assert "08:31" in str(refusal.value)


class TestAfterAChangeOfWhatProtectsTheMoney:
    """Rule 26: nothing above the PIN's threshold leaves for a day."""

    @pytest.fixture
    def payer(self):
        return DepositAccountFactory(balance="40000")

    def changed(self, payer, *, at):
        user = payer.customer.user
        access.set_phone(user, phone=steps.spare_phone(), is_verified=True, at=at)

    def test_a_large_payment_is_refused_before_there_is_a_draft_or_a_text(self, payer):
        self.changed(payer, at=AT)

        with pytest.raises(refusals.FactorTooNew) as refusal:
            transfers.draft(**order(payer, DepositAccountFactory(), "12500"))

        assert "up to KES 5,000.00 at a time until 22 Nov 2026, 08:31" in str(refusal.value)
        assert not Transfer.objects.filter(source=payer).exists()
        assert steps.newest("code_transfer", user=payer.customer.user) is None

    def test_a_draft_and_its_code_from_before_send_nothing(self, payer):
        draft = transfers.draft(**order(payer, DepositAccountFactory(), "12500"))
        code = steps.code_in("code_transfer")
        self.changed(payer, at=AT)

        later, actor = AT + timedelta(minutes=2), actor_of(payer.customer)
        with pytest.raises(refusals.FactorTooNew):
            transfers.text_new_code(draft, at=later, actor=actor)
        with pytest.raises(refusals.FactorTooNew):
            transfers.authorise_and_send(draft, secret=code, at=later, actor=actor)
        assert balance(payer) == kes(40000)

    def test_it_passes_a_day_later_and_a_small_one_passes_at_once(self, payer):
        self.changed(payer, at=AT - timedelta(hours=24))
        payee, actor = DepositAccountFactory(), actor_of(payer.customer)
        large = transfers.draft(**order(payer, payee, "12500"))
        transfers.authorise_and_send(
            large, secret=steps.code_in("code_transfer"), at=AT, actor=actor
        )

        self.changed(payer, at=AT)
        small = transfers.draft(**order(payer, payee, "100"))
        transfers.authorise_and_send(small, secret=PIN, at=AT, actor=actor)

        assert balance(payee) == kes(12600)


class TestRefusedEarly:
    """ux.md 4.4: each refusal names the figure that would pass (UX22, UX25)."""

    @pytest.mark.proves("MV22", "UX22", "UX25")
    def test_more_than_the_balance_names_what_could_be_sent(self):
        payer, payee = DepositAccountFactory(balance="4825"), DepositAccountFactory()

        with pytest.raises(refusals.NotEnoughMoney) as refusal:
            transfers.draft(**order(payer, payee, "4825.01"))

        assert str(refusal.value) == "You have KES 4,825.00. Enter KES 4,825.00 or less"
        details = refusal.value.envelope()["details"]
        assert (details["deficit"], details["currency"]) == ("0.01", "KES")

    def test_an_empty_account_is_told_to_top_up(self):
        with pytest.raises(refusals.NotEnoughMoney) as refusal:
            transfers.draft(**order(DepositAccountFactory(), DepositAccountFactory(), "1"))

        assert str(refusal.value) == "You have KES 0.00. Top up before you send"

    def test_a_fee_is_covered_too(self, price):
        price(50, at=AT)
        payer, payee = DepositAccountFactory(balance="1000"), DepositAccountFactory()

        with pytest.raises(refusals.NotEnoughMoney) as refusal:
            transfers.draft(**order(payer, payee, "1000"))

        words = "You have KES 1,000.00. Enter KES 950.00 or less, so the KES 50.00 fee is covered"
        assert str(refusal.value) == words

    @pytest.mark.proves("MV35", "MV43")
    def test_more_than_one_payment_may_be(self):
        payer, payee = DepositAccountFactory(balance="50000"), DepositAccountFactory()

        with pytest.raises(refusals.OverTransferLimit) as refusal:
            transfers.draft(**order(payer, payee, "20000.01"))

        assert str(refusal.value) == "You can send up to KES 20,000.00 in one payment"

    def test_more_than_is_left_today(self):
        payer, payee = spent_today("48240")

        with pytest.raises(refusals.OverDailyLimit) as refusal:
            transfers.draft(**order(payer, payee, "1760.01"))

        words = "You can send KES 1,760.00 more today. Your daily limit starts again at midnight"
        assert str(refusal.value) == words

    def test_more_than_is_left_this_month(self):
        payer, payee = DepositAccountFactory(balance="100000"), big_payee()
        # Four days of 49,000 leave 4,000 of the month's 200,000; today's 50,000 are untouched.
        for day in range(4):
            send_many(payer, payee, "49000", at=AT - timedelta(days=4 - day), refill=True)

        with pytest.raises(refusals.OverMonthlyLimit) as refusal:
            transfers.draft(**order(payer, payee, "4000.01"))

        assert "KES 4,000.00 more this month" in str(refusal.value)
        assert "starts again on 1 December" in str(refusal.value)

    def test_a_payee_who_would_hold_too_much_is_not_given_away(self):
        payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory(balance="99000")

        with pytest.raises(refusals.PayeeCannotTake) as refusal:
            transfers.draft(**order(payer, payee, "1000.01"))

        assert "99" not in str(refusal.value)
        assert "100,000" not in str(refusal.value)

    def test_a_frozen_account_does_not_send(self):
        payer, payee = DepositAccountFactory(balance="5000"), DepositAccountFactory()
        deposits.freeze(payer, reason="Court order", actor=SYSTEM)

        with pytest.raises(refusals.SourceFrozen) as refusal:
            transfers.draft(**order(payer, payee, "10"))
        assert payer.ending in str(refusal.value)


class TestAuthorise:
    @pytest.mark.proves("MV36", "MV24")
    def test_a_small_payment_takes_the_pin_and_no_text(self):
        draft = DraftFactory(amount="5000", at=AT)

        transfers.authorise(draft, secret=PIN, at=AT, actor=actor_of(draft.customer))

        draft.refresh_from_db()
        assert draft.authorised_by == "PIN"
        assert not Challenge.objects.filter(user=draft.customer.user).exists()

    def test_a_wrong_pin_counts_although_it_was_refused(self):
        draft = DraftFactory(at=AT)

        with pytest.raises(WrongPin) as refusal:
            transfers.authorise(draft, secret="0000", at=AT, actor=actor_of(draft.customer))

        draft.refresh_from_db()
        assert refusal.value.facts["left"] == 2
        assert draft.authorised_by == ""

    def test_above_the_threshold_the_pin_is_no_code(self):
        draft = large_draft()

        with pytest.raises(WrongCode):
            transfers.authorise(draft, secret=PIN, at=AT, actor=actor_of(draft.customer))

    def test_the_texted_code_names_amount_and_payee_and_passes(self):
        draft = large_draft()
        text = Message.objects.get(user=draft.customer.user, kind="code_transfer").body

        transfers.authorise(draft, secret=code_in(text), at=AT, actor=actor_of(draft.customer))

        draft.refresh_from_db()
        assert draft.authorised_by == "CODE"
        assert "KES 5,000.01" in text
        assert "Grace Wanjiku Mwangi" in text

    def test_an_authenticator_app_takes_the_place_of_the_text(self):
        payer = DepositAccountFactory(balance="10000")
        give_app(payer.customer.user)
        draft = DraftFactory(source=payer, amount="5000.01", at=AT)

        transfers.authorise(draft, secret=code_at(AT), at=AT, actor=actor_of(payer.customer))

        draft.refresh_from_db()
        assert draft.authorised_by == "TOTP"
        assert not Message.objects.filter(user=payer.customer.user, kind="code_transfer").exists()

    def test_editing_the_amount_makes_the_code_worthless(self):
        draft = large_draft()
        code = code_in(Message.objects.get(user=draft.customer.user, kind="code_transfer").body)
        edited = transfers.draft(
            **order(draft.source, draft.target, "6000"), replaces=draft.public_id
        )
        payer = actor_of(draft.customer)

        with pytest.raises(refusals.DraftChanged):
            transfers.authorise(draft, secret=code, at=AT, actor=payer)
        if code != code_in(
            Message.objects.filter(user=draft.customer.user, kind="code_transfer").last().body
        ):
            with pytest.raises(WrongCode):
                transfers.authorise(edited, secret=code, at=AT, actor=payer)
        with pytest.raises(refusals.DraftChanged):
            transfers.send(draft, at=AT, actor=payer)
        assert balance(draft.source) == kes(10_000)

    def test_a_code_older_than_five_minutes_is_refused(self):
        draft = large_draft()
        code = code_in(Message.objects.get(user=draft.customer.user, kind="code_transfer").body)
        late = AT + timedelta(minutes=5)

        with pytest.raises(CodeExpired):
            transfers.authorise(draft, secret=code, at=late, actor=actor_of(draft.customer))

    def test_details_older_than_ten_minutes_are_refused(self):
        draft = DraftFactory(at=AT)
        late = AT + timedelta(minutes=10)

        with pytest.raises(refusals.DraftExpired) as refusal:
            transfers.authorise(draft, secret=PIN, at=late, actor=actor_of(draft.customer))
        assert "until 08:41" in str(refusal.value)


def order(payer, payee, amount) -> dict:
    return {
        "reference": uuid4(),
        "source": payer,
        "payee": deposit_queries.find_payee(payee.number),
        "money": kes(amount),
        "reason": "",
        "at": AT,
        "actor": actor_of(payer.customer),
    }


def large_draft() -> Transfer:
    payer = DepositAccountFactory(balance="10000")
    return DraftFactory(source=payer, amount="5000.01", at=AT)


def code_in(text: str) -> str:
    return next(word.strip(":.,") for word in text.split() if word.strip(":.,").isdigit())
