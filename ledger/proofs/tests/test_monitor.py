"""The coherence monitor: what it asks each minute, and what it does about a fault."""

from datetime import timedelta

import pytest

from ledger import tasks
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import NOON, LedgerAccountFactory, put_in, send
from ledger.proofs import monitor
from ledger.proofs.models import ProofRun
from ledger.proofs.tests import stories
from wekeza.kit.actor import SYSTEM


def watch(minutes=0):
    return monitor.watch(at=NOON + timedelta(minutes=minutes), actor=SYSTEM)


@pytest.mark.django_db
class TestARound:
    def test_is_kept_with_what_it_looked_at(self):
        newest = put_in(LedgerAccountFactory(), "5").entry_id

        asked = watch()

        run = ProofRun.objects.latest("pk")
        assert (asked.run, asked.holds, run.holds, run.faults) == (run, True, True, [])
        assert run.last_entry == newest

    def test_looks_only_at_what_may_be_new(self):
        first = put_in(LedgerAccountFactory(), "5").entry_id
        watch()
        put_in(LedgerAccountFactory(), "5")

        assert watch(minutes=0.5).run.since_entry == 0  # An entry may still be in flight.
        assert watch(minutes=1).run.since_entry == first

    def test_is_what_the_worker_does(self):
        tasks.watch()
        tasks.seal()

        assert ProofRun.objects.latest("pk").holds


def tell_a_story():
    payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
    sent = send(payer, payee, "30")
    return {"payer": payer.pk, "payee": payee.pk, "sent": sent.entry_id}


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


@pytest.fixture
def tamper(story):
    with stories.tampering(story) as change:
        yield change


class TestAFault:
    @pytest.mark.parametrize(
        ("fault", "stopped"),
        [
            ("UPDATE ledger_balance SET balance = balance + 5 WHERE account_id = {payee}",
             {"payee"}),
            ("UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1",
             {"payer", "payee"}),
        ],
    )  # fmt: skip
    def test_stops_the_accounts_that_it_names_and_is_told(self, tamper, story, fault, stopped):
        from ledger.chart.models import Balance

        tamper(fault)

        asked = watch()

        assert not asked.holds
        frozen = {
            name for name in ("payer", "payee")
            if not Balance.objects.get(account_id=story[name], shard=0).takes_debits
        }  # fmt: skip
        assert frozen >= stopped
        assert AuditEntry.objects.filter(deed="books.broken").exists()
        assert OutboxMessage.objects.filter(event="books.broken").exists()

    def test_is_told_once(self, tamper):
        tamper("UPDATE ledger_balance SET balance = balance + 5 WHERE account_id = {payee}")
        watch()
        before = OutboxMessage.objects.filter(event="books.broken").count()

        assert not watch(minutes=1).holds
        assert OutboxMessage.objects.filter(event="books.broken").count() == before

    def test_is_looked_for_again_until_it_is_mended(self, tamper):
        tamper("UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1")
        for minutes in range(4):
            assert not watch(minutes=minutes).holds
