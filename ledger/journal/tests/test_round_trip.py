"""One round trip, all or nothing, alone and inside a deed."""

import os
import re
import socket
import tempfile

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection, transaction

from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in, send, undo
from ledger.journal.lines import Audit, Count, Event
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.refusals import InsufficientFunds, Unbalanced
from wekeza.kit.db import OutcomeUnknown

pytestmark = pytest.mark.django_db(transaction=True)


def round_trips(deed):
    """What a deed sends, by libpq's own trace of the wire: each trip ends in Sync or Query."""
    raw = connection.connection.pgconn
    with tempfile.TemporaryFile("w+") as trace:
        raw.trace(trace.fileno())
        try:
            deed()
        finally:
            raw.untrace()
        trace.seek(0)
        return len(re.findall(r"^(?:.*\t)?F\t\d+\t(?:Sync|Query)", trace.read(), re.MULTILINE))


@pytest.fixture
def pair():
    return LedgerAccountFactory(balance="100"), LedgerAccountFactory()


class TestPostAsTheOutermostCall:
    @pytest.mark.proves("PF04")
    def test_is_one_round_trip_with_its_limits_audit_and_outbox_rows(self, pair):
        payer, payee = pair
        day = Entry.objects.latest("id").business_date
        facts = {
            "counts": [Count("test:trip", "DAILY_OUT", day, kes(1).amount, None)],
            "audit": [Audit("sent")],
            "outbox": [Event("transfer.paid")],
        }
        send(payer, payee, "1")

        assert round_trips(lambda: send(payer, payee, "1", **facts)) == 1

    def test_is_one_round_trip_for_a_replay_and_for_a_reversal(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "1", reference="trip:1")
        for _ in range(2):  # The second time, psycopg prepares the statement; once a connection.
            undo(put_in(payer, "1").entry_id)

        assert round_trips(lambda: send(payer, payee, "1", reference="trip:1")) == 1
        assert round_trips(lambda: undo(posted.entry_id)) == 1

    def test_is_counted_by_django_like_any_statement(self, pair, django_assert_num_queries):
        payer, payee = pair

        with django_assert_num_queries(1):
            send(payer, payee, "1")

    @pytest.mark.proves("LG01", "LG18")
    def test_is_committed_when_it_returns(self, pair):
        payer, payee = pair
        posted = send(payer, payee, "40")

        connection.close()

        assert Entry.objects.filter(pk=posted.entry_id).exists()
        assert (payer.money, payee.money) == (kes(60), kes(40))

    def test_leaves_a_working_connection_when_it_is_refused(self, pair):
        payer, payee = pair

        with pytest.raises(InsufficientFunds):
            send(payer, payee, "101")

        assert not connection.in_atomic_block
        assert send(payer, payee, "1").entry_id


class TestPostInsideADeed:
    @pytest.mark.proves("LG09", "LG18")
    def test_goes_when_the_deed_fails_after_it(self, pair):
        payer, payee = pair

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            posted = send(payer, payee, "40", audit=[Audit("gone", "test:gone")])
            assert payer.money == kes(60)
            raise ZeroDivisionError

        assert not Entry.objects.filter(pk=posted.entry_id).exists()
        assert not AuditEntry.objects.filter(subject="test:gone").exists()
        assert (payer.money, payee.money) == (kes(100), kes(0))

    def test_takes_two_entries_or_neither(self, pair):
        payer, payee = pair

        with pytest.raises(InsufficientFunds), transaction.atomic():
            send(payer, payee, "60")
            send(payer, payee, "60")

        assert (payer.money, payee.money) == (kes(100), kes(0))

    def test_may_try_and_go_on_at_a_savepoint(self, pair):
        payer, payee = pair

        with transaction.atomic():
            with pytest.raises(InsufficientFunds), transaction.atomic():
                send(payer, payee, "101")
            send(payer, payee, "100")

        assert payee.money == kes(100)

    def test_refuses_to_run_in_a_transaction_that_is_broken(self, pair):
        payer, payee = pair

        with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
            with pytest.raises(InsufficientFunds):
                send(payer, payee, "101")
            connection.needs_rollback = True
            send(payer, payee, "1")

        assert payee.money == kes(0)


class TestALostConnection:
    def cut(self):
        """The network goes away under the connection."""
        with socket.socket(fileno=os.dup(connection.connection.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)

    @pytest.mark.proves("LG09")
    def test_is_an_outage_and_the_next_ask_by_the_reference_tells_what_became_of_it(self, pair):
        payer, payee = pair
        send(payer, payee, "1")
        self.cut()

        with pytest.raises(OutcomeUnknown):
            send(payer, payee, "1", reference="cut")
        with pytest.raises((OutcomeUnknown, OperationalError, InterfaceError)):
            send(payer, payee, "1", reference="cut")
        connection.close_if_unusable_or_obsolete()
        send(payer, payee, "1", reference="cut")
        again = send(payer, payee, "1", reference="cut")

        assert again.is_replay
        assert payee.money == kes(2)


class TestAnOldSnapshot:
    """Under REPEATABLE READ a transaction would go on seeing a business date that has closed."""

    @pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
    def test_takes_no_entry_and_no_reversal(self, pair, level):
        payer, payee = pair
        posted = send(payer, payee, "1")

        for deed in (lambda: send(payer, payee, "1"), lambda: undo(posted.entry_id)):
            with pytest.raises(Unbalanced, match="READ COMMITTED"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
                deed()

        assert payee.money == kes(1)


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        "facts",
        [{"memo": "x" * 141}, {"reference": "r" * 81}, {"kind": "K" * 31}, {"branch": "0001"}],
        ids=lambda facts: next(iter(facts)),
    )
    def test_is_refused_and_never_cut_short(self, pair, facts):
        payer, payee = pair

        with pytest.raises(DataError):
            send(payer, payee, "1", **facts)

        assert payee.money == kes(0)
