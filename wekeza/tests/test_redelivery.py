"""
A queue gives a task again, or to two workers (goal G19). Every task of ours runs on two copies of a
bank in which it has something to do. In the first it runs twice, and the second run changes nothing
at all. In the second two threads run it at the same moment; afterwards the books have the digest,
and every table as many rows, as in the first.
"""

import shutil
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
import time_machine
from django.db import connection

from ledger.proofs import queries as proofs
from ledger.tests.racing import at_once, refused
from wekeza import wiring
from wekeza.tests.redelivery import (
    GIVEN,
    ORDER,
    let_limits_change,
    moment_of,
    run,
    something_for_each,
    stand,
)
from wekeza.tests.test_backups import move_documents

NOW = datetime.now(UTC)
# What a task writes down each time that it is done, or says again until it has been heard.
WRITES_AGAIN = {
    "businesses.screen_chunk": {"accounts_screeningrun"},
    "customers.screen_chunk": {"accounts_screeningrun"},
    "proofs.watch": {"ledger_proofrun"},
    "screening.go_on": {"ledger_auditentry", "ledger_outboxmessage"},
}


@pytest.fixture
def bank(empty_bank, test_databases, settings, tmp_path):
    """The bank that is copied: `with bank():` works in a copy of its database and its files."""
    with psycopg.connect(empty_bank["owner"], autocommit=True) as owner:
        owner.execute("UPDATE ledger_bankfact SET is_demo = true")
    move_documents(settings, tmp_path / "documents")
    something_for_each(NOW)
    cluster, source = test_databases.cluster, connection.settings_dict["NAME"]

    @contextmanager
    def copy():
        connection.close()
        name = cluster.clone(f"{test_databases.worker}_copy", template=source)
        shutil.copytree(tmp_path / "documents", tmp_path / name)
        move_documents(settings, tmp_path / name)
        test_databases.use(name)
        try:
            let_limits_change()
            yield
            assert all(proof.holds for proof in proofs.prove(more=wiring.PROOFS))
        finally:
            connection.close()
            test_databases.use(source)
            cluster.drop(name)
            shutil.rmtree(tmp_path / name)

    return copy


@pytest.mark.proves("LG09")
@pytest.mark.django_db(transaction=True)
def test_every_task_does_its_work_once_however_often_it_runs(bank):
    with bank():
        once, faults = each_twice_in_sequence()
    with bank():
        faults += each_twice_at_once(once)

    assert not faults, "\n".join(faults)


def each_twice_in_sequence() -> tuple[dict[str, tuple], list[str]]:
    """What each task did to digest and tables, and what was wrong with a second run of it."""
    did, faults = {}, []
    for name, given in in_their_order():
        before = stand()
        run(name, given)
        once = stand()
        run(name, given)
        twice = stand()
        did[name] = once.digest, once.grown_since(before)
        if not once.changed_since(before):
            faults.append(f"{name} had nothing to do")
        changed = twice.changed_since(once) - WRITES_AGAIN.get(name, set())
        if changed or twice.digest != once.digest:
            faults.append(f"{name}, run again, changed {changed or 'the books'}")
    return did, faults


def each_twice_at_once(once: dict[str, tuple]) -> list[str]:
    """What two threads did to digest and tables that one did not, or could not do."""
    faults = []
    for name, given in in_their_order():
        before = stand()
        results = at_once(2, lambda _: run(name, given))  # noqa: B023 - they end here.
        for refusal in refused(results):
            faults.append(f"{name}, run twice at once, was refused: {refusal!r}")
        now, (digest, grown) = stand(), once[name]
        other = {table for table, more in now.grown_since(before).items() if more != grown[table]}
        other -= WRITES_AGAIN.get(name, set())
        if other or now.digest != digest:
            faults.append(f"{name}, run twice at once, left others: {other or 'books'}")
    return faults


def in_their_order():
    """Every task with what it is given, at its moment, while the clock stands."""
    for name in ORDER:
        with time_machine.travel(moment_of(name, NOW), tick=False):
            yield name, GIVEN.get(name, dict)()
