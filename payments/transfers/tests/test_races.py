"""Many at once on one balance, limit or intent; and a server that dies at the worst moment."""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import psycopg
import pytest
from django.db import connection

from accounts.deposits import queries as deposit_queries
from accounts.factories import DepositAccountFactory, actor_of
from ledger.journal.models import Entry
from ledger.money import kes
from payments.factories import AuthorisedFactory
from payments.transfers import operations as transfers
from payments.transfers import refusals
from payments.transfers.models import Transfer
from payments.transfers.tests.network import answer_lost
from wekeza.kit.db import Busy, OutcomeUnknown

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 32
AT = datetime(2026, 11, 21, 5, 31, tzinfo=UTC)


class TestRaces:
    def test_thirty_two_spend_one_balance_exactly_as_far_as_it_goes(self):
        payer = DepositAccountFactory(balance="1000")
        drafts = [AuthorisedFactory(source=payer, amount="100", at=AT) for _ in range(THREADS)]

        outcomes = all_at_once(drafts)

        assert outcomes == {"sent": 10, "NotEnoughMoney": 22}
        assert balance(payer) == kes(0)
        assert sum(balance(draft.target).amount for draft in drafts) == 1000

    def test_thirty_two_take_one_daily_limit_exactly_as_far_as_it_goes(self):
        payer = DepositAccountFactory(balance="100000")
        payees = [DepositAccountFactory(customer__tier_id="TIER_3") for _ in range(4)]
        drafts = [
            AuthorisedFactory(source=payer, target=payees[n % 4], amount="4000", at=AT)
            for n in range(THREADS)
        ]

        outcomes = all_at_once(drafts)

        # 50,000 a day holds twelve times 4,000.
        assert outcomes == {"sent": 12, "OverDailyLimit": 20}
        assert balance(payer) == kes(52_000)

    def test_many_taps_on_one_intent_send_it_once_with_one_receipt(self):
        draft = AuthorisedFactory(amount="1500", at=AT)

        outcomes, receipts = Counter(), set()
        for outcome, sent in each_at_once([draft] * 16):
            outcomes[outcome] += 1
            receipts.add(sent.transfer.receipt_no)

        assert outcomes == {"sent": 1, "replayed": 15}
        assert len(receipts) == 1
        assert balance(draft.source) == kes(3500)
        assert Entry.objects.filter(source=f"payments.transfer:{draft.pk}").count() == 1

    def test_people_who_pay_one_another_at_once_never_see_a_deadlock(self):
        one, other = DepositAccountFactory(balance="5000"), DepositAccountFactory(balance="5000")
        drafts = [
            AuthorisedFactory(source=payer, target=payee, amount="10", at=AT)
            for _ in range(THREADS // 2)
            for payer, payee in ((one, other), (other, one))
        ]

        assert all_at_once(drafts) == {"sent": THREADS}
        assert balance(one) == balance(other) == kes(5000)

    def test_sending_and_cancelling_at_once_do_one_of_the_two(self):
        draft = AuthorisedFactory(amount="1500", at=AT)
        payer = actor_of(draft.customer)

        def cancel():
            try:
                transfers.cancel(draft, at=AT, actor=payer)
            except refusals.AlreadySent:
                return "too late"
            return "cancelled"

        def send():
            try:
                transfers.send(draft, at=AT, actor=payer)
            except refusals.DraftChanged:
                return "refused"
            return "sent"

        pair = set(run([cancel, send]))

        assert pair in ({"too late", "sent"}, {"cancelled", "refused"})
        assert balance(draft.source) == kes(3500 if "sent" in pair else 5000)


class TestFaults:
    def test_a_row_held_by_another_for_too_long_is_refused_and_nothing_was_done(
        self, bank_database
    ):
        draft = AuthorisedFactory(amount="1500", at=AT)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")

        with psycopg.connect(bank_database["app"]) as other:
            other.execute("SELECT 1 FROM payments_transfer WHERE id = %s FOR UPDATE", [draft.pk])
            with pytest.raises(Busy) as refusal:
                transfers.send(draft, at=AT, actor=actor_of(draft.customer))

        connection.close()
        assert "Nothing was done" in str(refusal.value)
        assert balance(draft.source) == kes(5000)

    def test_a_connection_that_the_server_ends_claims_nothing_and_nothing_was_done(
        self, bank_database
    ):
        draft = AuthorisedFactory(amount="1500", at=AT)
        payer = actor_of(draft.customer)

        with psycopg.connect(bank_database["app"]) as other:
            other.execute("SELECT 1 FROM payments_transfer WHERE id = %s FOR UPDATE", [draft.pk])

            def send():
                with pytest.raises(OutcomeUnknown):
                    transfers.send(draft, at=AT, actor=payer)

            def hang_up():
                ended = False
                while not ended:
                    [ended] = other.execute(END_WHOEVER_WAITS).fetchone()

            run([send, hang_up])

        assert balance(draft.source) == kes(5000)
        assert Transfer.objects.get(pk=draft.pk).is_draft

    @pytest.mark.parametrize("is_done", [True, False])
    def test_an_answer_that_is_lost_is_neither_success_nor_failure(self, is_done):
        draft = AuthorisedFactory(amount="1500", at=AT)
        payer = actor_of(draft.customer)

        with answer_lost(is_done=is_done), pytest.raises(OutcomeUnknown):
            transfers.send(draft, at=AT, actor=payer)

        assert Transfer.objects.get(pk=draft.pk).is_sent is is_done
        again = transfers.send(draft, at=AT, actor=payer)
        assert again.is_replay is is_done
        assert balance(draft.source) == kes(3500)

    @pytest.mark.proves("MV45", "LG09")
    def test_a_server_killed_between_commit_and_answer_has_sent_it_once(self, bank_database):
        draft = AuthorisedFactory(amount="1500", at=AT)
        payer = actor_of(draft.customer)

        died = subprocess.run(
            [sys.executable, "-c", DIES_AFTER_COMMIT, str(draft.pk), AT.isoformat()],
            env=os.environ
            | {
                "DATABASE_URL": bank_database["app"],
                "DJANGO_SETTINGS_MODULE": "wekeza.settings_test",
            },
            check=False,
            timeout=60,
        )
        again = transfers.send(draft, at=AT, actor=payer)

        assert died.returncode == -signal.SIGKILL
        assert again.is_replay
        assert balance(draft.source) == kes(3500)
        assert Entry.objects.filter(source=f"payments.transfer:{draft.pk}").count() == 1


END_WHOEVER_WAITS = """
SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity
 WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""
DIES_AFTER_COMMIT = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from accounts.factories import actor_of
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer
draft = Transfer.objects.select_related("customer").get(pk=sys.argv[1])
transfers.send(draft, at=datetime.fromisoformat(sys.argv[2]), actor=actor_of(draft.customer))
os.kill(os.getpid(), signal.SIGKILL)
"""


def all_at_once(drafts) -> Counter:
    return Counter(outcome for outcome, _sent in each_at_once(drafts))


def each_at_once(drafts) -> list:
    def sender(draft):
        def send():
            try:
                sent = transfers.send(draft, at=AT, actor=actor_of(draft.customer))
            except (refusals.NotEnoughMoney, refusals.OverDailyLimit) as refusal:
                return type(refusal).__name__, None
            return ("replayed" if sent.is_replay else "sent"), sent

        return send

    return run([sender(draft) for draft in drafts])


def run(deeds) -> list:
    """Start every deed at the same moment, each in a thread with a connection of its own."""
    together = Barrier(len(deeds))

    def start(deed):
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(start, deeds))


def balance(account):
    return deposit_queries.standing_of(account).balance
