"""Stopping while others lend: nothing is lent past a stop that has returned."""

import threading
import time

import psycopg
import pytest
from django.db import connection

from ledger.tests.racing import at_once, refused
from lending.stops import operations as stops
from lending.stops.models import LendingStop, StoppedAttempt
from lending.stops.operations import LendingStopped, StillEnding
from lending.stops.tests.steps import lend, lent, lift, officer, product, stop

# A stop that stands would stop the loans of other tests: each of these has a bank of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_bank")]
PATIENCE_SECONDS = 30


def in_a_thread(deed):
    """This will run a deed beside the test, with a connection of its own."""

    def run():
        try:
            deed()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class TestALoanInFlight:
    def test_ends_before_the_stop_returns_and_others_are_refused_meanwhile(self):
        officer_, wanted = officer(), product()
        is_through, may_end, has_returned = (threading.Event() for _ in range(3))

        def take_time():
            is_through.set()
            assert may_end.wait(PATIENCE_SECONDS)

        def halt():
            stop(actor=officer_)
            has_returned.set()

        lending = in_a_thread(lambda: lend(wanted, then=take_time))
        assert is_through.wait(PATIENCE_SECONDS)
        stopping = in_a_thread(halt)
        while not LendingStop.objects.exists():
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(LendingStopped):
            lend(wanted)  # The stop holds already, and whoever comes later waits for nobody.
        took = time.monotonic() - began
        still_waits = not has_returned.wait(0.3)
        before_it_ended = lent()
        may_end.set()
        lending.join(PATIENCE_SECONDS)
        assert has_returned.wait(PATIENCE_SECONDS)
        stopping.join(PATIENCE_SECONDS)

        assert still_waits and before_it_ended == 0
        assert took < 2
        assert lent() == 1, "what was let through before the stop stands"
        assert StoppedAttempt.objects.count() == 1

    def test_that_hangs_does_not_keep_the_stop_from_holding(self, empty_bank, monkeypatch):
        monkeypatch.setattr(stops, "PATIENCE", "200ms")
        with psycopg.connect(empty_bank["app"]) as other:
            other.execute("SELECT pg_advisory_xact_lock_shared(%s)", [stops.LOCK])
            with pytest.raises(StillEnding) as told:
                stop()

        assert "Lending is stopped" in str(told.value)
        with pytest.raises(LendingStopped):
            lend(product())


class TestLendingAndStoppingAtOnce:
    def test_nothing_is_lent_after_the_stop_has_returned(self):
        officer_, wanted = officer(), product()
        seen = []

        def work(number):
            if number == 0:
                time.sleep(0.05)
                stop(actor=officer_)
                seen.append(lent())
                return None
            for _ in range(500):
                lend(wanted)
            return "never stopped"

        results = at_once(6, work)

        blocked = refused(results)
        assert len(blocked) == 5, "everybody met the stop"
        assert all(isinstance(one, LendingStopped) for one in blocked)
        assert seen == [lent()], "none was committed after the stop returned"
        assert StoppedAttempt.objects.count() == 5

    def test_officers_who_stop_at_once_make_one_stop(self):
        officers = [officer() for _ in range(4)]

        found = at_once(4, lambda number: stop(actor=officers[number]))

        assert len(set(found)) == 1 and LendingStop.objects.count() == 1

    def test_lifting_lets_lending_go_on(self):
        row = stop()
        with pytest.raises(LendingStopped):
            lend(product())
        lift(row)
        lend(product())

        assert lent() == 1
