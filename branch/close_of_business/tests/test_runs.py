"""The close of business: its order, its cut-off, what goes wrong in it, and who is at it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from accounts.factories import SavingsAccountFactory, StaffMemberFactory, staff_actor
from accounts.savings.models import InterestAccrual, InterestPayment
from branch import tasks
from branch.close_of_business import operations as close
from branch.close_of_business import queries, steps
from branch.close_of_business.models import CloseChunk, CloseRun
from branch.close_of_business.states import ChunkState, RunState
from ledger.approvals import operations as approvals
from ledger.balances.models import DailyBalance
from ledger.calendar import queries as calendar
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import LedgerAccountFactory, place, put_in, take_out
from ledger.proofs import queries as proofs
from ledger.proofs.models import ProofRun, Seal
from ledger.tests.racing import at_once
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def after(day, **more):
    """A moment after a business date has ended, when its close may begin."""
    return calendar.ends_at(day) + timedelta(**more or {"minutes": 3})


def run_the_night(days=1):
    """Close the open date, and the ones after it, as the clock would; gives the first."""
    first = calendar.business_date()
    done = close.follow_the_clock(at=after(first + timedelta(days=days - 1)), actor=SYSTEM)
    return first, done


def chunks(run, name):
    return CloseChunk.objects.filter(step__run=run, step__name=name).order_by("first", "last")


class TestTheNight:
    def test_does_every_step_and_opens_the_next_date(self):
        saver, holder = SavingsAccountFactory(balance="100000"), LedgerAccountFactory(balance="90")
        day = calendar.business_date()
        hold = place(holder, "40", expires_on=day)

        first, done = run_the_night()

        assert (done, first, calendar.business_date()) == (True, day, day + timedelta(days=1))
        run = CloseRun.objects.get(business_date=day)
        assert run.state == RunState.DONE
        assert [step.name for step in run.steps.order_by("place")] == [
            "holds", "accrue", "book", "pay", "instructions", "collect", "count_days", "classify",
            "outcomes", "chase", "earn", "book_loans", "provide", "book_provisions", "cards",
            "balances", "seal", "prove",
        ]  # fmt: skip
        assert {step.state for step in run.steps.all()} == {"DONE"}
        hold.refresh_from_db()
        assert hold.state == "EXPIRED"
        earned = InterestAccrual.objects.get(account_id=saver.ledger_account_id, for_day=day)
        assert earned.amount == Decimal("2.739726")
        assert Seal.objects.get(business_date=day) == Seal.objects.latest("pk")
        assert ProofRun.objects.latest("pk").holds
        told = AuditEntry.objects.filter(subject=f"branch.closerun:{run.pk}")
        assert [line.deed for line in told.order_by("pk")] == ["close.begun", "close.done"]

    def test_writes_how_each_account_stood(self):
        account, day = LedgerAccountFactory(balance="500"), calendar.business_date()
        take_out(account, "450")
        put_in(account, "100")

        run_the_night()

        row = DailyBalance.objects.get(account=account, business_date=day)
        assert (row.balance, row.least, row.sequence) == (Decimal(150), Decimal(0), 3)

    def test_writes_what_moved_after_the_cut_off_too(self):
        account, day = LedgerAccountFactory(balance="500"), calendar.business_date()
        run = close.begin(at=after(day), actor=SYSTEM)
        put_in(account, "7", at=after(day))

        run_the_night()

        assert CloseRun.objects.get(business_date=day) == run
        assert DailyBalance.objects.get(account=account, business_date=day).balance == 507

    def test_goes_through_missed_days_one_by_one(self):
        saver, day = SavingsAccountFactory(balance="50000"), calendar.business_date()

        run_the_night(days=3)

        assert calendar.business_date() == day + timedelta(days=3)
        assert CloseRun.objects.filter(state=RunState.DONE).count() == 3
        rows = InterestAccrual.objects.filter(account_id=saver.ledger_account_id)
        assert sorted(row.for_day for row in rows) == [day + timedelta(days=n) for n in range(3)]

    def test_waits_until_what_was_asked_for_before_midnight_is_booked(self):
        day = calendar.business_date()

        assert close.follow_the_clock(at=calendar.ends_at(day) + close.GRACE / 2, actor=SYSTEM)
        assert calendar.business_date() == day

    def test_goes_by_midnight_in_nairobi(self):
        day = calendar.business_date()
        nine_in_the_evening = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=21)

        close.follow_the_clock(at=nine_in_the_evening + timedelta(minutes=1), actor=SYSTEM)
        assert calendar.business_date() == day
        close.follow_the_clock(at=nine_in_the_evening + timedelta(minutes=2), actor=SYSTEM)
        assert calendar.business_date() == day + timedelta(days=1)

    def test_run_again_does_nothing_more(self):
        SavingsAccountFactory(balance="50000")
        run_the_night()
        before = proofs.digest(), CloseChunk.objects.count()

        for days in (0, 0, -400):
            close.follow_the_clock(
                at=after(calendar.business_date() - timedelta(days=1), days=days), actor=SYSTEM
            )

        assert (proofs.digest(), CloseChunk.objects.count()) == before

    def test_pays_interest_on_the_last_day_of_a_month_only(self):
        saver = SavingsAccountFactory(balance="100000")
        month_end = calendar.business_date()
        while not steps.is_month_end(month_end):
            month_end += timedelta(days=1)

        run_the_night(days=(month_end - calendar.business_date()).days)
        assert not InterestPayment.objects.exists()
        run_the_night()

        paid = InterestPayment.objects.get(account=saver)
        days = InterestAccrual.objects.filter(account_id=saver.ledger_account_id).count()
        assert paid.paid_on == month_end
        assert paid.accrued == Decimal("2.739726") * days

    def test_is_what_the_worker_does_every_minute(self):
        day = calendar.business_date()
        with time_machine.travel(after(day + timedelta(days=1))):
            tasks.go_on()
            tasks.go_on()

        assert calendar.business_date() == day + timedelta(days=2)
        scheduled = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
        assert {"close_of_business.go_on", "proofs.watch", "proofs.seal"} <= scheduled


class TestABadItem:
    def test_is_found_by_halves_set_aside_and_named(self, broken):
        savers = [SavingsAccountFactory(balance="10000") for _ in range(5)]
        broken.add(bad := savers[2].ledger_account_id)

        day, done = run_the_night()

        assert not done
        assert calendar.business_date() == day
        run = CloseRun.objects.get(business_date=day)
        assert run.state == RunState.STOPPED
        [aside] = queries.aside_of(run)
        assert (aside.first, aside.last) == (bad, bad)
        assert aside.reason == f"ArithmeticError: account {bad} cannot be worked out"
        assert chunks(run, "accrue").filter(state=ChunkState.SPLIT).exists()

    def test_does_not_keep_the_others_from_earning(self, broken):
        savers = [SavingsAccountFactory(balance="10000") for _ in range(5)]
        broken.add(savers[0].ledger_account_id)

        run_the_night()

        earned = set(InterestAccrual.objects.values_list("account_id", flat=True))
        assert earned == {saver.ledger_account_id for saver in savers[1:]}

    def test_is_done_when_it_is_mended_and_run_again(self, broken):
        savers = [SavingsAccountFactory(balance="10000") for _ in range(3)]
        broken.add(savers[1].ledger_account_id)
        day, _done = run_the_night()
        run = CloseRun.objects.get(business_date=day)
        broken.clear()

        assert close.run_again(run, actor=SYSTEM) == 1
        run_the_night()

        assert calendar.business_date() == day + timedelta(days=1)
        assert InterestAccrual.objects.filter(for_day=day).count() == 3
        assert not queries.aside_of(run).exists()

    def test_stops_nothing_twice_however_often_the_clock_comes_by(self, broken):
        broken.add(SavingsAccountFactory(balance="10000").ledger_account_id)
        for _ in range(3):
            day, done = run_the_night()

        assert not done
        assert CloseChunk.objects.filter(state=ChunkState.ASIDE).count() == 1

    def test_leaves_a_run_that_is_done_alone(self):
        day, _done = run_the_night()
        run = CloseRun.objects.get(business_date=day)

        with pytest.raises(close.RunIsDone), transaction.atomic():
            close.run_again(run, actor=SYSTEM)
        with pytest.raises(close.RunIsDone):
            close.ask_to_force(run, reason="x", actor=SYSTEM, at=after(day))

    def test_of_which_there_is_none_is_no_reason_to_run_again(self):
        run = close.begin(at=after(calendar.business_date()), actor=SYSTEM)

        with pytest.raises(close.NothingAside), transaction.atomic():
            close.run_again(run, actor=SYSTEM)


class TestTwoOfficers:
    def stopped(self, broken):
        broken.add(SavingsAccountFactory(balance="10000").ledger_account_id)
        day, _done = run_the_night()
        return CloseRun.objects.get(business_date=day)

    def officers(self):
        return (
            staff_actor(StaffMemberFactory(role_id="OPERATIONS")),
            staff_actor(StaffMemberFactory(role_id="RISK")),
        )

    def test_open_the_next_date_with_an_item_left_aside(self, broken):
        run, (maker, checker) = self.stopped(broken), self.officers()
        now = after(run.business_date, hours=1)
        asked = close.ask_to_force(run, reason="Account is in court", actor=maker, at=now)
        assert asked.impact.startswith("Stays undone: accrue ")

        approvals.approve(asked, digest=asked.digest, actor=checker, at=now)
        run_the_night()

        run.refresh_from_db()
        assert (run.state, run.approval) == (RunState.DONE, asked)
        assert calendar.business_date() == run.business_date + timedelta(days=1)
        assert queries.aside_of(run).count() == 1

    def test_are_two(self, broken):
        run, (maker, _checker) = self.stopped(broken), self.officers()
        now = after(run.business_date, hours=1)
        asked = close.ask_to_force(run, reason="Account is in court", actor=maker, at=now)

        with pytest.raises(approvals.OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=maker, at=now)
        assert not run_the_night()[1]

    def test_decide_about_what_they_were_shown(self, broken):
        run, (maker, checker) = self.stopped(broken), self.officers()
        now = after(run.business_date, hours=1)
        asked = close.ask_to_force(run, reason="Account is in court", actor=maker, at=now)
        CloseChunk.objects.filter(state=ChunkState.ASIDE).update(state=ChunkState.PENDING)

        with pytest.raises(close.ForceChanged):
            approvals.approve(asked, digest=asked.digest, actor=checker, at=now)

    def test_are_not_asked_while_nothing_is_aside(self):
        run = close.begin(at=after(calendar.business_date()), actor=SYSTEM)

        with pytest.raises(close.NothingAside):
            close.ask_to_force(run, reason="x", actor=SYSTEM, at=after(run.business_date))


class TestBooksThatDoNotHold:
    def test_keep_the_date_from_moving(self, monkeypatch):
        broken = proofs.Proof("P02_x", [("account 7/0", "stands at 5, postings say 4")], 0.0)
        monkeypatch.setattr(steps.monitor.proofs, "prove", lambda **_: [broken])

        day, done = run_the_night()

        assert not done
        assert calendar.business_date() == day
        [aside] = queries.aside_of(CloseRun.objects.get(business_date=day))
        assert aside.step.name == "prove"
        assert "P02_x: account 7/0: stands at 5, postings say 4" in aside.reason

    def test_stop_the_accounts_and_are_told_although_the_night_stops(self, monkeypatch):
        account = LedgerAccountFactory(balance="5")
        broken = proofs.Proof("P02_x", [(f"account {account.pk}/0", "stands at 5")], 0.0)
        with monkeypatch.context() as while_it_lasts:
            while_it_lasts.setattr(steps.monitor.proofs, "prove", lambda **_: [broken])
            run_the_night()

        run = ProofRun.objects.latest("pk")
        assert (run.since_entry, run.holds) == (0, False)
        assert not account.standing.takes_debits
        assert OutboxMessage.objects.filter(event="books.broken", payload={"run": run.pk}).exists()


@pytest.mark.django_db(transaction=True)
class TestTwoRunners:
    def test_share_the_night_and_leave_what_one_would(self, empty_bank, monkeypatch):
        monkeypatch.setattr(steps, "ACCOUNTS", 2)
        savers = [SavingsAccountFactory(balance="100000") for _ in range(6)]
        day = calendar.business_date()

        results = at_once(4, lambda number: close.follow_the_clock(at=after(day), actor=SYSTEM))

        assert results == [True] * 4
        assert calendar.business_date() == day + timedelta(days=1)
        run = CloseRun.objects.get(business_date=day)
        ids = [saver.ledger_account_id for saver in savers]
        rows = InterestAccrual.objects.filter(account_id__in=ids, for_day=day)
        assert [row.amount for row in rows] == [Decimal("2.739726")] * 6
        assert {chunk.state for chunk in CloseChunk.objects.filter(step__run=run)} == {"DONE"}
        assert Seal.objects.filter(business_date=day).count() == 1
        assert AuditEntry.objects.filter(
            deed="business_date.opened", detail__from_date=f"{day}"
        ).count() == 1  # fmt: skip
