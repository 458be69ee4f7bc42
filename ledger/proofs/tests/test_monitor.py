"""The coherence monitor: what it asks each minute, and what it does about a fault."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ledger import tasks
from ledger.chart.models import Balance, LedgerAccount
from ledger.controls.models import AuditEntry, OutboxMessage
from ledger.factories import NOON, LedgerAccountFactory, put_in, send
from ledger.proofs import monitor
from ledger.proofs import queries as proofs
from ledger.proofs.models import ProofRun
from ledger.proofs.tests import stories
from ledger.tests.racing import PATIENCE_SECONDS
from wekeza.kit.actor import SYSTEM


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Rounds are kept at the minute after noon that a test names, and not when it runs."""
    minute = [0]
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=minute[0]))
    return minute


@pytest.fixture
def watch(clock):
    """A round of the watch, so many minutes after noon."""

    def ask(minutes=0):
        clock[0] = minutes
        return monitor.watch(at=timezone.now(), actor=SYSTEM)

    return ask


@pytest.fixture
def prove_by_night(clock):
    """A round over everything; its task began hours before."""

    def ask(minutes):
        clock[0] = minutes
        return monitor.prove_all(at=NOON - timedelta(hours=3), since=0)

    return ask


@pytest.mark.django_db
class TestARound:
    def test_is_kept_with_what_it_looked_at(self, watch):
        newest = put_in(LedgerAccountFactory(), "5").entry_id

        asked = watch()

        run = ProofRun.objects.latest("pk")
        assert (asked.run, asked.holds, run.holds, run.faults) == (run, True, True, [])
        assert run.last_entry == newest

    def test_looks_only_at_what_may_be_new(self, watch):
        first = put_in(LedgerAccountFactory(), "5").entry_id
        watch()
        put_in(LedgerAccountFactory(), "5")

        assert watch(minutes=2).run.since_entry == 0
        assert watch(minutes=2.5).run.since_entry == first
        # The second began two minutes after the first; the third has not been seen again yet.
        assert watch(minutes=3).run.since_entry == first

    def test_takes_a_long_round_as_kept_at_its_end(self, watch, prove_by_night):
        watch()
        first = put_in(LedgerAccountFactory(), "5").entry_id
        prove_by_night(minutes=2)
        put_in(LedgerAccountFactory(), "5")

        assert watch(minutes=2.5).run.since_entry < first
        assert watch(minutes=4).run.since_entry < first
        assert watch(minutes=5).run.since_entry > first

    def test_is_what_the_worker_does(self):
        tasks.watch()
        tasks.seal()

        assert ProofRun.objects.latest("pk").holds


def tell_a_story():
    payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
    sent = send(payer, payee, "30")
    other, *many = [LedgerAccountFactory() for _ in range(61)]
    put_in(other, "1")  # The watch has passed what was sent when it has seen this.
    return {
        "payer": payer.pk, "payee": payee.pk, "sent": sent.entry_id, "other": other.pk,
        "many": ",".join(str(one.pk) for one in many),
    }  # fmt: skip


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


@pytest.fixture
def tamper(story):
    with stories.tampering(story) as change:
        yield change


@pytest.fixture
def frozen(story):
    """Who of the story pays nothing out."""

    def look():
        return {
            name for name in ("payer", "payee")
            if not Balance.objects.get(account_id=story[name], shard=0).takes_debits
        }  # fmt: skip

    return look


def told():
    """How many faults the trail names, and how many notices go out."""
    return (
        AuditEntry.objects.filter(deed="books.broken").count(),
        OutboxMessage.objects.filter(event="books.broken").count(),
    )


@pytest.mark.django_db(transaction=True)
class TestAnEntryInFlight:
    def test_is_looked_at_by_a_round_after_it_was_written(self, empty_bank, watch):
        """It began before the newest entry of a round, and is committed after that round."""
        payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
        other = LedgerAccountFactory()
        watch(minutes=0)
        held, go_on, entries = threading.Event(), threading.Event(), []

        def post_slowly():
            try:
                with transaction.atomic():
                    entries.append(send(payer, payee, "30").entry_id)
                    held.set()
                    assert go_on.wait(PATIENCE_SECONDS)
            finally:
                held.set()
                connection.close()

        slow = threading.Thread(target=post_slowly)
        slow.start()
        assert held.wait(PATIENCE_SECONDS)
        newest = put_in(other, "5").entry_id
        over_it = watch(minutes=2)
        go_on.set()
        slow.join(PATIENCE_SECONDS)

        [entry] = entries
        assert over_it.run.last_entry == newest > entry
        assert watch(minutes=3.5).run.since_entry < entry
        assert watch(minutes=4).run.since_entry == newest


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
    def test_stops_the_accounts_that_it_names_and_is_told(
        self, tamper, watch, frozen, fault, stopped
    ):
        tamper(fault)

        asked = watch()

        assert not asked.holds
        assert frozen() >= stopped
        faults, notices = told()
        assert (faults, notices) == (len(asked.faults), 1)

    def test_is_told_once(self, tamper, watch):
        tamper("UPDATE ledger_balance SET balance = balance + 5 WHERE account_id = {payee}")
        watch()
        before = told()

        assert not watch(minutes=1).holds
        assert told() == before

    def test_is_looked_for_again_until_it_is_mended(self, tamper, watch):
        tamper("UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1")
        for minutes in range(4):
            assert not watch(minutes=minutes).holds

    def test_stops_whom_an_earlier_round_could_not_stop(self, tamper, watch, frozen, monkeypatch):
        tamper("UPDATE ledger_balance SET balance = balance + 5 WHERE account_id = {payee}")
        with monkeypatch.context() as broken:
            broken.setattr(monitor, "_stop", lambda *_, **__: None)
            watch()

        assert not frozen()
        watch(minutes=1)
        assert frozen() == {"payee"}


class TestAFaultThatOnlyTheNightSees:
    @pytest.fixture
    def broken(self, tamper, watch, prove_by_night):
        """An old posting was changed after the watch had passed it."""
        for minutes in (0, 2, 4):
            assert watch(minutes=minutes).holds
        tamper("UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1")
        assert watch(minutes=6).holds
        return prove_by_night(minutes=8)

    def test_stops_the_accounts_and_is_told_at_once(self, broken, frozen):
        assert not broken.holds
        assert frozen() == {"payer", "payee"}
        assert told() == (len(broken.faults), 1)

    def test_stands_while_the_watch_sees_nothing_of_it(self, broken, watch, story):
        before = told()

        after = watch(minutes=10)

        payer = LedgerAccount.objects.get(pk=story["payer"])
        assert (after.run.found, after.run.holds) == (0, False)
        assert after.faults == broken.faults
        assert ProofRun.objects.order_by("-at").first() == after.run  # What pages show.
        assert any("P01" in fault for fault in monitor.still_broken(payer))
        assert told() == before

    def test_does_not_make_the_watch_look_back_to_the_night(self, broken, watch, story):
        put_in(LedgerAccount.objects.get(pk=story["other"]), "5")
        newest = proofs.last_entry_id()
        for minutes in (10, 12):
            watch(minutes=minutes)

        assert watch(minutes=14).run.since_entry == newest

    def test_ends_with_a_round_that_could_see_it(
        self, broken, tamper, watch, prove_by_night, story
    ):
        tamper("UPDATE ledger_posting SET amount = 30 WHERE entry_id = {sent} AND line = 1")

        assert not watch(minutes=10).holds
        assert prove_by_night(minutes=12).holds
        assert watch(minutes=14).holds
        assert monitor.still_broken(LedgerAccount.objects.get(pk=story["payer"])) == []

    def test_is_told_anew_when_it_comes_back(self, broken, tamper, prove_by_night):
        tamper("UPDATE ledger_posting SET amount = 30 WHERE entry_id = {sent} AND line = 1")
        prove_by_night(minutes=10)
        before = told()
        tamper("UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1")
        prove_by_night(minutes=12)

        assert told() == (before[0] + len(broken.faults), before[1] + 1)


class TestManyFaults:
    def test_stop_every_account_and_not_the_first_fifty(self, tamper, watch, story):
        many = story["many"]
        tamper("UPDATE ledger_balance SET sequence = 7 WHERE account_id IN ({many})")

        watch()

        accounts = [int(one) for one in many.split(",")]
        frozen = Balance.objects.filter(account_id__in=accounts, takes_debits=False)
        assert frozen.count() == len(accounts) > 50

    def test_name_every_account_once_before_one_is_named_twice(self, tamper, story):
        tamper(
            "UPDATE ledger_posting SET balance_after = balance_after + 1"
            " WHERE account_id IN ({payer}, {payee})"
        )

        [chain] = [one for one in proofs.prove(most=2) if one.name.startswith("P02")]

        named = {subject.partition(" #")[0] for subject, _fault in chain.faults}
        assert named == {f"account {story['payer']}/0", f"account {story['payee']}/0"}
