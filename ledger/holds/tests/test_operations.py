"""Holding part of a balance, taking it, giving it back."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from ledger.calendar import queries as calendar
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import NOON, LedgerAccountFactory, place, put_in, send, take_out, undo
from ledger.holds import operations as holds
from ledger.holds import queries
from ledger.holds.models import Hold
from ledger.holds.states import HoldKind, HoldState
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Event, Taking
from ledger.journal.models import Entry
from ledger.money import Money, kes
from ledger.tests.racing import at_once, refused
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def release(hold, **facts):
    return holds.release(hold, **{"reason": "cancelled", "actor": SYSTEM, "at": NOON} | facts)


def take(hold, amount, *, keeps_rest=False, **facts):
    """Take cash out of the account that a hold stands on, from the hold."""
    return take_out(hold.account, amount, takes=Taking(hold.pk, keeps_rest), **facts)


class TestPlace:
    def test_lowers_what_is_available_and_not_the_balance(self):
        account = LedgerAccountFactory(balance="5000")

        hold = place(account, "1200")

        assert account.money == kes("5000")
        assert account.available == kes("3800")
        assert (hold.state, hold.left, hold.placed_on) == (
            HoldState.OPEN, kes("1200"), calendar.business_date(),
        )  # fmt: skip
        assert list(queries.open_on(account.pk)) == [hold]

    def test_keeps_what_is_held_from_being_spent(self):
        account = LedgerAccountFactory(balance="5000")
        place(account, "1200")

        with pytest.raises(journal.InsufficientFunds) as short, transaction.atomic():
            take_out(account, "3800.01")
        assert short.value.facts["available"] == kes("3800")
        take_out(account, "3800")

    def test_happens_once_for_each_reference(self):
        account = LedgerAccountFactory(balance="5000")

        first, again = (place(account, "1200", reference="card:1") for _ in range(2))

        assert first == again
        assert account.available == kes("3800")
        with pytest.raises(holds.ReferenceReused), transaction.atomic():
            place(account, "1300", reference="card:1")

    def test_of_a_reference_whose_hold_has_ended_gives_that_hold(self):
        account = LedgerAccountFactory(balance="5000")
        release(place(account, "1200", reference="card:2"))

        assert place(account, "1200", reference="card:2").state == HoldState.RELEASED
        assert account.available == kes("5000")

    def test_reaches_into_the_arranged_overdraft_and_not_further(self):
        account = LedgerAccountFactory(balance="100")
        ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(50), actor=SYSTEM)

        with pytest.raises(holds.InsufficientFunds) as short, transaction.atomic():
            place(account, "150.01")
        assert short.value.facts["deficit"] == kes("0.01")
        place(account, "150")
        assert account.available == kes("0")

    @pytest.mark.parametrize("kind", [HoldKind.PAYMENT, HoldKind.CARD])
    def test_is_refused_on_a_frozen_account(self, kind):
        account = LedgerAccountFactory(balance="100")
        ledger_accounts.freeze(account, reason="court", actor=SYSTEM)

        with pytest.raises(holds.AccountFrozen), transaction.atomic():
            place(account, "10", kind=kind)

    @pytest.mark.parametrize("kind", [HoldKind.CHEQUE, HoldKind.LIEN, HoldKind.COURT])
    def test_of_the_bank_or_a_court_stands_on_a_frozen_account(self, kind):
        account = LedgerAccountFactory(balance="100")
        ledger_accounts.freeze(account, reason="court", actor=SYSTEM)

        assert place(account, "10", kind=kind).is_open

    def test_of_a_court_that_a_frozen_account_cannot_cover_is_refused_for_the_money(self):
        account = LedgerAccountFactory(balance="100")
        ledger_accounts.freeze(account, reason="court", actor=SYSTEM)

        with pytest.raises(holds.InsufficientFunds) as short, transaction.atomic():
            place(account, "100.01", kind=HoldKind.COURT)
        assert short.value.facts["available"] == kes("100")

    def test_is_refused_on_a_closed_account(self):
        account = LedgerAccountFactory()
        ledger_accounts.close(account, actor=SYSTEM)

        with pytest.raises(holds.AccountClosed), transaction.atomic():
            place(account, "10", kind=HoldKind.COURT)

    @pytest.mark.parametrize("amount", ["0", "-5"])
    def test_of_nothing_or_less_is_a_bug(self, amount):
        with pytest.raises((AssertionError, ValueError)), transaction.atomic():
            holds.place(
                account=LedgerAccountFactory(balance="9"), money=Money(Decimal(amount), "KES"),
                owner="test", reference=f"{uuid4()}", kind=HoldKind.CARD, reason="x",
                actor=SYSTEM, at=NOON,
            )  # fmt: skip

    def test_is_refused_for_a_last_day_that_has_closed(self):
        account, today = LedgerAccountFactory(balance="100"), calendar.business_date()

        with pytest.raises(holds.ExpiryPassed) as late, transaction.atomic():
            place(account, "10", expires_on=today - timedelta(days=1))
        assert late.value.facts["business_date"] == f"{today}"
        assert place(account, "10", expires_on=today).is_open

    def test_is_in_the_audit_trail_and_tells_its_events(self):
        hold = place(
            LedgerAccountFactory(balance="100"), "10",
            audit=[Audit("card.held", detail={"scheme": "x"})], outbox=[Event("card.held")],
        )  # fmt: skip

        line = AuditEntry.objects.get(subject=f"ledger.hold:{hold.pk}")
        assert (line.deed, line.detail) == ("card.held", {"scheme": "x"})
        event = OutboxMessage.objects.get(event="card.held", payload={"hold": hold.pk})
        assert event.state == "PENDING"

    def test_stops_an_account_from_being_closed(self):
        account = LedgerAccountFactory(balance="10")
        ledger_accounts.set_terms(account, maximum=None, overdraft=Decimal(5), actor=SYSTEM)
        place(account, "5")
        take_out(account, "10")

        with pytest.raises(ledger_accounts.AccountNotEmpty), transaction.atomic():
            ledger_accounts.close(account, actor=SYSTEM)


class TestAMinimum:
    def saver(self, balance="3000"):
        account = LedgerAccountFactory(balance=balance)
        ledger_accounts.set_terms(
            account, maximum=None, overdraft=Decimal(0), minimum=Decimal(1000), actor=SYSTEM
        )
        return account

    @pytest.mark.proves("SV27")
    def test_stays_in_the_account(self):
        account = self.saver()

        assert account.available == kes("2000")
        with pytest.raises(journal.InsufficientFunds) as short, transaction.atomic():
            take_out(account, "2000.01")
        assert short.value.facts["available"] == kes("2000")
        assert short.value.facts["minimum"] == kes("1000")
        take_out(account, "2000")
        assert (account.money, account.available) == (kes("1000"), kes("0"))

    def test_is_kept_beside_what_is_held(self):
        account = self.saver()
        place(account, "500")

        assert account.available == kes("1500")
        with pytest.raises(holds.InsufficientFunds), transaction.atomic():
            place(account, "1500.01")

    def test_may_be_passed_by_the_banks_own_deeds(self):
        account = self.saver()

        take_out(account, "2500", is_below_minimum=True)

        assert (account.money, account.available) == (kes("500"), kes("0"))
        with pytest.raises(journal.InsufficientFunds) as short, transaction.atomic():
            take_out(account, "1")
        assert short.value.facts["available"] == kes("0")
        with pytest.raises(journal.InsufficientFunds), transaction.atomic():
            take_out(account, "500.01", is_below_minimum=True)

    def test_does_not_keep_an_empty_account_from_being_paid_into(self):
        account = self.saver(balance="0")

        put_in(account, "400")

        assert (account.money, account.available) == (kes("400"), kes("0"))

    @pytest.mark.parametrize("kind", [HoldKind.LIEN, HoldKind.COURT])
    def test_does_not_stop_a_court(self, kind):
        assert place(self.saver(), "3000", kind=kind).is_open

    def test_does_not_keep_a_mistake_from_being_taken_back(self):
        account = self.saver(balance="1000")
        by_mistake = put_in(account, "700")
        take_out(account, "700")

        undo(by_mistake.entry_id)

        assert account.money == kes("300")


class TestTaking:
    def test_a_hold_whole_moves_the_money_and_ends_it(self):
        account = LedgerAccountFactory(balance="5000")
        hold = place(account, "1200")

        posted = take(hold, "1200")

        hold.refresh_from_db()
        assert (account.money, account.available) == (kes("3800"), kes("3800"))
        assert (hold.state, hold.captured, hold.ended_by) == (
            HoldState.CAPTURED, Decimal(1200), str(SYSTEM),
        )  # fmt: skip
        assert Entry.objects.get(pk=posted.entry_id).hold == hold

    def test_a_part_gives_the_rest_back(self):
        account = LedgerAccountFactory(balance="5000")
        hold = place(account, "1200")

        take(hold, "700")

        hold.refresh_from_db()
        assert (account.money, account.available) == (kes("4300"), kes("4300"))
        assert (hold.state, hold.captured, hold.left) == (
            HoldState.CAPTURED, Decimal(700), kes("0"),
        )  # fmt: skip

    def test_a_part_may_leave_the_rest_for_later(self):
        account = LedgerAccountFactory(balance="5000")
        hold = place(account, "1200")

        take(hold, "700", keeps_rest=True)

        hold.refresh_from_db()
        assert (account.available, hold.left) == (kes("3800"), kes("500"))
        take(hold, "500", keeps_rest=True)
        hold.refresh_from_db()
        assert (account.available, hold.state) == (kes("3800"), HoldState.CAPTURED)

    def test_counts_the_whole_of_what_is_held_as_there(self):
        account = LedgerAccountFactory(balance="1200")
        hold = place(account, "1200")

        assert account.available == kes("0")
        take(hold, "1200")
        assert account.money == kes("0")

    def test_more_than_is_held_is_refused_and_leaves_it_as_it_was(self):
        account = LedgerAccountFactory(balance="5000")
        hold = place(account, "1200")

        with pytest.raises(journal.HoldTooSmall) as small, transaction.atomic():
            take(hold, "1200.01")
        hold.refresh_from_db()
        assert small.value.facts["held"] == kes("1200")
        assert (account.money, hold.left) == (kes("5000"), kes("1200"))

    def test_nothing_from_its_account_is_refused(self):
        hold = place(LedgerAccountFactory(balance="50"), "20")
        other = LedgerAccountFactory(balance="50")

        with pytest.raises(journal.HoldTooSmall), transaction.atomic():
            take_out(other, "20", takes=Taking(hold.pk))

    def test_the_same_reference_again_takes_once(self):
        account = LedgerAccountFactory(balance="5000")
        hold = place(account, "1200")

        first, again = (take(hold, "700", reference="clear:1") for _ in range(2))

        assert (first.entry_id, again.is_replay) == (again.entry_id, True)
        assert account.money == kes("4300")

    def test_an_ended_hold_is_refused(self):
        hold = release(place(LedgerAccountFactory(balance="50"), "20"))

        with pytest.raises(journal.HoldEnded) as ended, transaction.atomic():
            take(hold, "20")
        assert ended.value.facts["state"] == "RELEASED"

    def test_from_an_account_with_a_higher_id_than_the_payee(self):
        payee = LedgerAccountFactory()
        payer = LedgerAccountFactory(balance="900")
        hold = place(payer, "900")

        send(payer, payee, "900", takes=Taking(hold.pk))

        assert (payer.money, payee.money) == (kes("0"), kes("900"))

    def test_taken_back_does_not_open_the_hold_again(self):
        account = LedgerAccountFactory(balance="900")
        hold = place(account, "900")
        posted = take(hold, "900")

        undo(posted.entry_id)

        hold.refresh_from_db()
        assert (account.available, hold.state) == (kes("900"), HoldState.CAPTURED)


class TestRelease:
    def test_gives_everything_back_and_says_why(self):
        account = LedgerAccountFactory(balance="900")

        hold = release(place(account, "400"), reason="order was cancelled")

        assert account.available == kes("900")
        assert (hold.state, hold.end_reason, hold.ended_on) == (
            HoldState.RELEASED, "order was cancelled", calendar.business_date(),
        )  # fmt: skip
        assert AuditEntry.objects.filter(
            deed="hold.released", subject=f"ledger.hold:{hold.pk}"
        ).exists()

    def test_of_an_ended_hold_is_refused(self):
        hold = release(place(LedgerAccountFactory(balance="900"), "400"))

        with pytest.raises(holds.HoldEnded), transaction.atomic():
            release(hold)

    def test_of_none_is_refused(self):
        with pytest.raises(holds.NoSuchHold), transaction.atomic():
            release(Hold(pk=10**15))


class TestExpire:
    def expire(self, day, first=0, last=2**60):
        return holds.expire(day=day, first=first, last=last, actor=SYSTEM, at=NOON)

    def test_ends_the_holds_whose_last_day_it_is_and_no_others(self):
        account, today = LedgerAccountFactory(balance="900"), calendar.business_date()
        ends = place(account, "100", expires_on=today)
        goes_on = place(account, "200", expires_on=today + timedelta(days=1))
        open_ended = place(account, "300")

        assert self.expire(today) == 1

        for hold in (ends, goes_on, open_ended):
            hold.refresh_from_db()
        assert [ends.state, goes_on.state, open_ended.state] == ["EXPIRED", "OPEN", "OPEN"]
        assert (ends.ended_on, account.available) == (today, kes("400"))
        assert AuditEntry.objects.filter(
            deed="hold.expired", subject=f"ledger.hold:{ends.pk}"
        ).exists()

    def test_gives_back_only_what_was_left(self):
        account, today = LedgerAccountFactory(balance="900"), calendar.business_date()
        take(place(account, "500", expires_on=today), "100", keeps_rest=True)

        self.expire(today)

        assert (account.money, account.available) == (kes("800"), kes("800"))

    def test_twice_ends_nothing_the_second_time(self):
        account, today = LedgerAccountFactory(balance="900"), calendar.business_date()
        place(account, "500", expires_on=today)

        assert [self.expire(today), self.expire(today)] == [1, 0]
        assert account.available == kes("900")

    def test_of_a_day_that_has_not_come_is_a_bug(self):
        with pytest.raises(AssertionError), transaction.atomic():
            self.expire(calendar.business_date() + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_many_holds_at_once_hold_no_more_than_there_is(self):
        account = LedgerAccountFactory(balance="1000")

        results = at_once(8, lambda number: place(account, "300"))

        assert len(refused(results)) == 5
        assert account.available == kes("100")

    def test_a_hold_is_taken_once_however_many_try(self):
        account = LedgerAccountFactory(balance="1000")
        hold = place(account, "400")

        results = at_once(8, lambda number: take(hold, "400"))

        assert len(refused(results)) == 7
        assert account.money == kes("600")

    def test_release_and_taking_at_once_one_wins(self):
        account = LedgerAccountFactory(balance="1000")
        for _round in range(5):
            hold = place(account, "100")
            results = at_once(
                2,
                lambda number, hold=hold: take(hold, "100") if number else release(hold),
            )
            assert len(refused(results)) == 1
        assert account.money == account.available

    def test_expiry_beside_payments_between_held_accounts_locks_nobody_out(self):
        payer, payee = LedgerAccountFactory(balance="9000"), LedgerAccountFactory(balance="9000")
        today = calendar.business_date()
        taken = [place(account, "10") for account in (payer, payee) for _ in range(3)]
        for account in (payer, payee):
            for _ in range(3):
                place(account, "50", expires_on=today)

        def deed(number):
            if number < 6:
                hold = taken[number]
                other = payee if hold.account_id == payer.pk else payer
                return send(hold.account, other, "10", takes=Taking(hold.pk))
            return holds.expire(day=today, first=0, last=2**60, actor=SYSTEM, at=NOON)

        results = at_once(8, deed)

        assert not refused(results)
        assert payer.available == payer.money == kes("9000")
        assert chart.standing(payee.pk).held == 0
