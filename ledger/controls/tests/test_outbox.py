"""Telling events after commit: at least once, never by two at once, and to an end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from ledger.controls import outbox
from ledger.controls.models import InboxReceipt, OutboxMessage
from ledger.tests.racing import at_once

NOON = datetime(2031, 1, 1, 9, tzinfo=UTC)  # After every event that other tests published.


class Handler:
    """Remembers what it was told, and fails as long as it is asked to."""

    def __init__(self, failures=0):
        self.told = []
        self.failures = failures

    def __call__(self, *, message_id, at, **payload):
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the network is away")
        self.told.append((message_id, payload))


def publish(event="test.happened", **payload):
    with transaction.atomic():
        return outbox.publish(event, payload)


def sweep(handler, *, at=NOON, event="test.happened", most=100):
    return outbox.sweep(handlers={event: [handler]}, at=at, most=most)


def nothing_else_is_pending():
    """Committed tests leave their events behind; those are not this test's to tell."""
    OutboxMessage.objects.filter(state="PENDING").update(state="DONE", done_at=NOON)


@pytest.fixture
def outbox_empty(db):
    nothing_else_is_pending()


@pytest.mark.django_db
@pytest.mark.usefixtures("outbox_empty")
class TestAnEvent:
    @pytest.mark.proves("MV38")
    def test_is_told_once_with_its_ids(self):
        message, handler = publish(transfer=7), Handler()

        assert sweep(handler) == (1, 0)
        assert sweep(handler) == (0, 0)

        message.refresh_from_db()
        assert handler.told == [(message.pk, {"transfer": 7})]
        assert (message.state, message.done_at, message.attempts) == ("DONE", NOON, 1)

    def test_is_told_to_every_handler_of_its_name(self):
        first, second, other = Handler(), Handler(), Handler()
        publish()

        outbox.sweep(handlers={"test.happened": [first, second], "test.other": [other]}, at=NOON)

        assert (len(first.told), len(second.told), len(other.told)) == (1, 1, 0)

    def test_goes_with_the_deed_that_is_rolled_back(self):
        handler = Handler()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            outbox.publish("test.happened", {})
            raise ZeroDivisionError

        sweep(handler)

        assert handler.told == []

    def test_is_told_in_the_order_of_publishing(self):
        handler = Handler()
        messages = [publish(number=number).pk for number in range(5)]

        sweep(handler, most=2)
        sweep(handler)

        assert [told for told, _ in handler.told] == messages


@pytest.mark.django_db(transaction=True)
class TestPublish:
    def test_runs_only_inside_a_transaction(self):
        with pytest.raises(RuntimeError, match="inside a transaction"):
            outbox.publish("test.happened", {})


@pytest.mark.django_db
@pytest.mark.usefixtures("outbox_empty")
class TestAHandlerThatFails:
    def test_is_asked_again_later_and_later(self):
        message, handler = publish(), Handler(failures=3)
        due, waits = NOON, []
        for _ in range(4):
            sweep(handler, at=due)
            message.refresh_from_db()
            waits.append(message.due_at - due)
            due = message.due_at

        assert waits[:3] == outbox.BACK_OFF[:3]
        assert (message.state, message.attempts, len(handler.told)) == ("DONE", 4, 1)
        assert message.error == ""

    def test_is_not_asked_before_its_time(self):
        publish()
        handler = Handler(failures=1)
        sweep(handler)

        assert sweep(handler, at=NOON + timedelta(seconds=4)) == (0, 0)
        assert sweep(handler, at=NOON + timedelta(seconds=5)) == (1, 0)

    def test_leaves_the_event_stuck_at_the_end_with_the_reason(self):
        message, handler = publish(), Handler(failures=100)
        due, tries = NOON, 0
        while sweep(handler, at=due) != (0, 0):
            message.refresh_from_db()
            due, tries = message.due_at, tries + 1

        assert tries == outbox.MOST_TRIES == 9
        assert (message.state, message.error) == ("STUCK", "ConnectionError")
        assert message.done_at is None

    def test_never_writes_the_words_of_the_fault_which_may_hold_secrets(self):
        message = publish()
        sweep(Handler(failures=1))

        message.refresh_from_db()
        assert message.error == "ConnectionError"

    def test_does_not_hold_up_the_events_of_others(self):
        bad, good = Handler(failures=1), Handler()
        publish("test.bad")
        publish("test.good")

        assert outbox.sweep(handlers={"test.bad": [bad], "test.good": [good]}, at=NOON) == (1, 1)
        assert len(good.told) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("outbox_empty")
class TestAnEventThatNobodyCanTake:
    def test_for_want_of_a_handler_is_kept_and_logged(self, caplog):
        message = publish("test.unknown")

        assert sweep(Handler()) == (0, 1)

        message.refresh_from_db()
        assert (message.state, message.error, message.done_at) == ("PENDING", "NoHandler", None)
        assert f"#{message.pk} test.unknown: try 1 failed: NoHandler" in caplog.text

    def test_and_never_gets_a_handler_is_stuck_for_a_person_to_see(self, caplog):
        message, due = publish("test.unknown"), NOON
        while sweep(Handler(), at=due) != (0, 0):
            message.refresh_from_db()
            due = message.due_at

        assert (message.state, message.error) == ("STUCK", "NoHandler")
        assert caplog.records[-1].levelname == "ERROR"

    def test_yet_waits_as_long_as_it_takes(self):
        message, waiting, due = publish(), True, NOON

        def handler(**_):
            if waiting:
                raise outbox.NotYet

        for _ in range(outbox.MOST_TRIES * 3):
            assert sweep(handler, at=due) == (0, 1)
            message.refresh_from_db()
            assert message.due_at - due == outbox.WAIT
            due = message.due_at
        waiting = False

        assert sweep(handler, at=due) == (1, 0)
        message.refresh_from_db()
        assert (message.state, message.attempts) == ("DONE", 1)


@pytest.mark.django_db(transaction=True)
class TestTwoSweepers:
    @pytest.fixture(autouse=True)
    def empty(self):
        nothing_else_is_pending()

    def test_never_tell_the_same_event_twice(self):
        for number in range(120):
            publish(number=number)
        handler = Handler()

        results = at_once(8, lambda _: [sweep(handler, most=10) for _ in range(4)])

        told = [message_id for message_id, _ in handler.told]
        assert len(told) == len(set(told)) == 120
        assert sum(sweeps[0] for sweeper in results for sweeps in sweeper) == 120

    def test_go_past_what_the_other_holds(self):
        first, second = publish(number=1), publish(number=2)
        handler = Handler()
        with transaction.atomic():
            OutboxMessage.objects.select_for_update().get(pk=first.pk)
            at_once(1, lambda _: sweep(handler))

        assert handler.told == [(second.pk, {"number": 2})]

    def test_give_back_the_event_of_one_that_died_while_telling(self):
        publish()
        with pytest.raises(KeyboardInterrupt):
            sweep(self.killed)
        handler = Handler()

        assert sweep(handler, at=NOON + outbox.LEASE - timedelta(seconds=1)) == (0, 0)
        assert sweep(handler, at=NOON + outbox.LEASE) == (1, 0)

    def test_do_not_die_for_ever_of_an_event_that_kills_whoever_tells_it(self):
        message, at = publish(), NOON
        for _ in range(outbox.MOST_TRIES):
            with pytest.raises(KeyboardInterrupt):
                sweep(self.killed, at=at)
            at += outbox.LEASE

        assert sweep(self.killed, at=at) == (0, 0)
        message.refresh_from_db()
        assert (message.state, message.error) == ("STUCK", "SweeperLost")

    @pytest.mark.proves("MV38")
    def test_do_it_once_though_it_is_told_twice_by_a_claim_in_the_inbox(self):
        """Killed between the handler's commit and the mark: told again, done once."""
        done = []

        def handler(*, message_id, at, is_first=False, **_):
            with transaction.atomic():
                if outbox.take_in(source="test.handler", message_ref=str(message_id)):
                    done.append(message_id)

        def dies_after(**facts):
            handler(**facts)
            raise KeyboardInterrupt

        message = publish()
        with pytest.raises(KeyboardInterrupt):
            sweep(dies_after)
        sweep(handler, at=NOON + outbox.LEASE)

        message.refresh_from_db()
        assert done == [message.pk]
        assert (message.state, message.attempts) == ("DONE", 2)

    def test_of_whom_the_slow_one_cannot_undo_what_the_next_has_done(self):
        """Its lease ran out while it was telling; its late failure changes nothing."""
        message = publish()

        def slow(**_):
            at_once(1, lambda _: sweep(Handler(), at=NOON + outbox.LEASE))
            raise ConnectionError

        sweep(slow)

        message.refresh_from_db()
        assert (message.state, message.attempts, message.error) == ("DONE", 2, "")

    def test_of_whom_the_slow_one_cannot_put_off_what_the_next_one_waits_with(self):
        """A wait counts no try, so the lease itself tells whose the event is."""
        message = publish()

        def waits(**_):
            raise outbox.NotYet

        def slow(**_):
            at_once(1, lambda _: sweep(waits, at=NOON + outbox.LEASE))
            raise ConnectionError

        sweep(slow)

        message.refresh_from_db()
        assert (message.error, message.due_at) == ("NotYet", NOON + outbox.LEASE + outbox.WAIT)

    def killed(self, **_):
        raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
class TestTheInbox:
    def take(self, reference, source="mpesa"):
        with transaction.atomic():
            return outbox.take_in(source=source, message_ref=reference)

    def test_takes_a_message_in_once(self):
        assert self.take("QX1") is True
        assert self.take("QX1") is False
        assert self.take("QX1", source="airtel") is True

    def test_takes_it_in_once_from_many_at_once(self):
        taken = at_once(16, lambda _: self.take("QX2"))

        assert sorted(taken) == [False] * 15 + [True]
        assert InboxReceipt.objects.filter(message_ref="QX2").count() == 1

    def test_forgets_a_message_whose_deed_was_rolled_back(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            outbox.take_in(source="mpesa", message_ref="QX3")
            raise ZeroDivisionError

        assert self.take("QX3") is True
