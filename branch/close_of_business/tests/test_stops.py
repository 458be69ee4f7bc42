"""A close that stops: what two officers decide, what is run again, and what runs out of time."""

import signal
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from accounts.factories import SavingsAccountFactory, StaffMemberFactory, staff_actor
from accounts.savings.models import InterestAccrual, InterestJournal
from branch.close_of_business import chunks, queries, steps
from branch.close_of_business import operations as close
from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.close_of_business.states import ChunkState, RunState, StepState
from branch.close_of_business.tests.test_runs import after, run_the_night
from ledger.approvals import operations as approvals
from ledger.balances.models import DailyBalance
from ledger.calendar import queries as calendar
from ledger.factories import LedgerAccountFactory, put_in
from ledger.proofs import queries as proofs
from ledger.proofs.models import Seal
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
FAULT = "P02_x: account 7/0: stands at 5, postings say 4"


@pytest.fixture
def books(monkeypatch):
    """Lets a proof find the faults that are put in, as (subject, words)."""
    faults, whole = [], steps.monitor.proofs.prove

    def prove(**asked):
        found = [proofs.Proof("P02_x", faults, 0.0)] if faults else []
        return found or whole(**asked)

    monkeypatch.setattr(steps.monitor.proofs, "prove", prove)
    yield faults
    faults.clear()


@pytest.fixture
def stopped(broken):
    """A night that stopped because one account's interest could not be worked out."""
    broken.add(SavingsAccountFactory(balance="10000").ledger_account_id)
    day, _done = run_the_night()
    return CloseRun.objects.get(business_date=day)


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen at a failpoint of the close, when it comes by the nth time."""

    def arrange(name, deed, *, nth=1):
        passed = []

        def point(at):
            passed.append(at)
            if at == name and passed.count(name) == nth:
                deed()

        monkeypatch.setattr(close, "failpoint", point)

    return arrange


def ask(run):
    maker = staff_actor(StaffMemberFactory(role_id="OPERATIONS"))
    now = after(run.business_date, hours=1)
    return close.ask_to_force(run, reason="Account is in court", actor=maker, at=now)


def decide(asked):
    checker = staff_actor(StaffMemberFactory(role_id="RISK"))
    approvals.approve(asked, digest=asked.digest, actor=checker, at=asked.made_at)
    return asked


def aside_at(run):
    return [chunk.step.name for chunk in queries.aside_of(run)]


def state_of(run, step):
    return CloseStep.objects.get(run=run, name=step).state


class TestTwoOfficers:
    def test_do_not_decide_about_books_that_break_later(self, stopped, books):
        decide(ask(stopped))
        books.append(("account 7/0", "stands at 5, postings say 4"))

        _first, done = run_the_night()

        stopped.refresh_from_db()
        assert (done, stopped.state) == (False, RunState.STOPPED)
        assert calendar.business_date() == stopped.business_date
        assert aside_at(stopped) == ["accrue", "prove"]

    def test_may_decide_again_when_they_were_shown_the_broken_proof(self, stopped, books):
        decide(ask(stopped))
        books.append(("account 7/0", "stands at 5, postings say 4"))
        run_the_night()

        again = ask(stopped)
        assert FAULT in again.changes[1]["after"]
        decide(again)
        _first, done = run_the_night()

        stopped.refresh_from_db()
        assert (done, stopped.state, stopped.approval) == (True, RunState.DONE, again)

    def test_do_not_decide_about_a_proof_that_breaks_otherwise(self, books):
        books.append(("account 7/0", "stands at 5, postings say 4"))
        day, _done = run_the_night()
        run = CloseRun.objects.get(business_date=day)
        asked = ask(run)
        books[:] = [("account 8/0", "stands at 900, postings say 4")]
        close.run_again(run, actor=SYSTEM)
        run_the_night()

        with pytest.raises(close.ForceChanged):
            decide(asked)

    def test_do_not_decide_about_a_later_step(self, stopped, monkeypatch):
        decide(ask(stopped))
        monkeypatch.setattr(steps.savings, "book", lambda **_: 1 / 0)

        _first, done = run_the_night()

        assert not done
        assert aside_at(stopped) == ["accrue", "book"]
        assert state_of(stopped, "pay") == StepState.WAITING

    def test_are_not_asked_twice_about_the_same(self, stopped):
        decide(ask(stopped))

        with pytest.raises(close.NothingAside):
            ask(stopped)


class TestRunningAgain:
    def test_is_too_late_when_two_have_decided(self, stopped, broken):
        decide(ask(stopped))
        broken.clear()

        with pytest.raises(close.TooLateToRunAgain), transaction.atomic():
            close.run_again(stopped, actor=SYSTEM)
        assert aside_at(stopped) == ["accrue"]

    def test_is_too_late_when_a_later_step_counted_on_it(self, stopped):
        CloseStep.objects.filter(run=stopped, name="book").update(state=StepState.DONE)

        with pytest.raises(close.TooLateToRunAgain), transaction.atomic():
            close.run_again(stopped, actor=SYSTEM)

    def test_takes_what_is_not_decided_alone(self, stopped, broken, monkeypatch):
        decide(ask(stopped))
        with monkeypatch.context() as fault:
            fault.setattr(steps.savings, "book", lambda **_: 1 / 0)
            run_the_night()
        broken.clear()

        assert close.run_again(stopped, actor=SYSTEM) == 1
        assert run_the_night()[1]

        assert aside_at(stopped) == ["accrue"]
        assert not InterestAccrual.objects.exists()
        assert InterestJournal.objects.get(pk=stopped.business_date).accrued == 0

    def test_while_a_step_ends_keeps_it_open(self, broken, meanwhile):
        broken.add(SavingsAccountFactory(balance="100000").ledger_account_id)
        run = close.begin(at=after(calendar.business_date()), actor=SYSTEM)

        def put_back():
            broken.clear()
            assert close.run_again(run, actor=SYSTEM) == 1

        meanwhile("close.step_done", put_back, nth=2)  # Of the accrual.

        assert run_the_night()[1]
        booked = InterestJournal.objects.get(pk=run.business_date).accrued
        assert booked == InterestAccrual.objects.get(booked_on=run.business_date).amount > 0

    def test_while_a_worker_is_further_on_makes_that_wait(self, meanwhile):
        run = close.begin(at=after(calendar.business_date()), actor=SYSTEM)
        holds = CloseStep.objects.get(run=run, name="holds")
        CloseChunk.objects.create(step=holds, first=7, last=7, state=ChunkState.ASIDE)
        meanwhile("close.step_done", lambda: close.run_again(run, actor=SYSTEM), nth=2)

        assert not run_the_night()[1]
        assert state_of(run, "book") == StepState.WAITING
        assert run_the_night()[1]
        assert not holds.chunks.exclude(state=ChunkState.DONE).exists()


class TestTheMomentOfTheNextDate:
    def test_has_nothing_left_to_write_of_what_came_before(self, monkeypatch, meanwhile):
        account, day = LedgerAccountFactory(balance="500"), calendar.business_date()
        whole, roll, left = steps.monitor.prove_all, close.calendar.roll, {}

        def prove(**asked):
            put_in(account, "7")  # Somebody is paid while the books are proven.
            return whole(**asked)

        def look():
            left["balance"] = DailyBalance.objects.get(account=account).balance
            left["sealed to"] = Seal.objects.latest("pk").top

        def rolled(*, written, **facts):
            left["written to"] = written
            return roll(written=written, **facts)

        monkeypatch.setattr(steps.monitor, "prove_all", prove)
        monkeypatch.setattr(close.calendar, "roll", rolled)
        meanwhile("close.before_roll", look)

        assert run_the_night()[1]
        newest = proofs.last_entry_id()
        assert left == {"balance": 507, "sealed to": newest, "written to": newest}
        assert calendar.business_date() == day + timedelta(days=1)

    def test_waits_until_no_more_comes_than_a_chunk(self, monkeypatch, meanwhile):
        # A date that begins at this entry: in chunks of one, the numbers of all that other tests
        # posted and took back would take minutes.
        LedgerAccountFactory(balance="1")
        close.calendar.roll(from_date=calendar.business_date(), actor=SYSTEM)
        monkeypatch.setattr(steps, "ENTRIES", 1)
        whole, seal = steps.monitor.prove_all, close.seals.seal
        account, seals, left = LedgerAccountFactory(balance="500"), [], {}

        def prove(**asked):
            put_in(account, "7")
            put_in(account, "7")
            return whole(**asked)

        def sealed():
            if len(seals) < 2:  # In the night's own step, and then while it catches up.
                put_in(account, "1")
            seals.append(seal())
            return seals[-1]

        def look():
            left["balance"] = DailyBalance.objects.get(account=account).balance

        monkeypatch.setattr(steps.monitor, "prove_all", prove)
        monkeypatch.setattr(close.seals, "seal", sealed)
        meanwhile("close.before_roll", look)

        run_the_night()
        assert left == {"balance": 516}


@pytest.mark.django_db(transaction=True)
class TestATimeLimit:
    @pytest.fixture
    def slow(self, monkeypatch):
        """Lets the books be proven too slowly: the limit falls into a statement."""

        def late(*_):
            raise SoftTimeLimitExceeded

        def prove(**_):
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(15)")

        before = signal.signal(signal.SIGALRM, late)
        with monkeypatch.context() as fault:
            fault.setattr(steps.monitor, "prove_all", prove)
            yield fault
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    def test_leaves_the_chunk_to_the_next_worker(self, empty_bank, slow):
        day = calendar.business_date()
        with pytest.raises(SoftTimeLimitExceeded):
            run_the_night()

        chunk = CloseChunk.objects.get(step__run__business_date=day, step__name="prove")
        assert (chunk.state, chunk.tries) == (ChunkState.PENDING, 1)
        slow.undo()
        assert run_the_night()[1]
        assert calendar.business_date() == day + timedelta(days=1)

    def test_that_falls_again_and_again_stops_the_run(self, empty_bank, slow):
        for _ in range(chunks.TRIES):
            with pytest.raises(SoftTimeLimitExceeded):
                run_the_night()
        day, done = run_the_night()

        run = CloseRun.objects.get(business_date=day)
        [aside] = queries.aside_of(run)
        assert (done, run.state) == (False, RunState.STOPPED)
        assert aside.reason.startswith("SoftTimeLimitExceeded")
        assert list(queries.stopped()) == [run]
        slow.undo()
        close.run_again(run, actor=SYSTEM)
        assert run_the_night()[1]
