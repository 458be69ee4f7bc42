"""
./bank drill cob: the close of three missed days, killed at random and taken up again.

A bank with savings, postings, holds, postings of earlier value dates, and loans that earn, are
due, late or about to perform no more missed three closes, of which one is a month's end. Copies of
its database are closed: one without a disturbance, others by two worker processes at once that are
killed (kill -9) at random and started again. Are all copies the same in the end, to each account,
accrual, payment, loan and provision (goal G17)?
"""

import argparse
import hashlib
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from wekeza.drills import cob_bank
from wekeza.drills.cob_bank import DAYS
from wekeza.runtime import env


def options_of(words: list[str] | None = None) -> argparse.Namespace:
    """This will read the words of the command line."""
    asked = argparse.ArgumentParser(prog="./bank drill cob", description=__doc__.split("\n")[1])
    asked.add_argument("--accounts", type=int, default=300, help="of savings")
    asked.add_argument("--postings", type=int, default=1500)
    asked.add_argument("--loans", type=int, default=120)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--chunk", type=int, default=20, help="ids in a chunk of the night")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    return asked.parse_args(words)


def main() -> int:
    options = options_of()
    os.environ["DJANGO_SETTINGS_MODULE"] = "wekeza.settings_test"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from wekeza.tests.databases import TestCluster

    cluster = TestCluster(settings.BANK_DATA)
    cluster.join()
    copies = Copies(cluster, cluster.clone("drill"))
    connection.settings_dict["NAME"] = copies.first
    try:
        return run(options, copies)
    finally:
        connection.close()
        copies.drop()
        cluster.leave()


class Copies:
    """Databases with the same bank in them."""

    def __init__(self, cluster, first: str):
        self.cluster, self.first, self.names = cluster, first, [first]

    def make(self) -> str:
        """This will copy the first database as it is, and give the copy's name."""
        from django.db import connection

        connection.close()
        name = f"{self.first}_{len(self.names)}"
        with self.cluster._as_owner() as db:
            db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.first}"')
            db.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {self.cluster.app_role}')
        self.names.append(name)
        return name

    def look_at(self, name: str) -> None:
        """This will connect this process to a copy."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = name

    def drop(self) -> None:
        """This will drop them all."""
        for name in reversed(self.names):
            self.cluster.drop(name)


def run(options: argparse.Namespace, copies: Copies) -> int:
    """This will make the bank, close its copies, compare them and write the record."""
    from ledger.calendar import queries as calendar
    from wekeza.drills import record

    began, dice = datetime.now(UTC), random.Random(options.seed)  # noqa: S311 - a drill.
    cob_bank.fill(options, dice)
    first = calendar.business_date()
    at = calendar.ends_at(first + timedelta(days=DAYS - 1)) + timedelta(minutes=5)
    whole = copies.make()
    took = close_undisturbed(whole, at, options)
    copies.look_at(whole)
    must, faults = state(), unsound(first) + cob_bank.missed()
    print(f"closed without a disturbance in {took:.1f} s", flush=True)
    nights, kills, hits = 0, 0, 0
    while kills < options.kills:
        name = copies.make()
        killed, hit = close_under_fire(name, at, options, dice, took, options.kills - kills)
        nights, kills, hits = nights + 1, kills + killed, hits + hit
        copies.look_at(name)
        faults += [f"night {nights}: {what}" for what in differ(must, state()) + unsound(first)]
        print(f"{kills} kills, {hits} in a transaction, {len(faults)} faults", flush=True)
    copies.look_at(whole)
    figures = figures_of(options, first, must, took) | {
        "nights under fire": nights,
        "workers killed": kills,
        "of them inside a transaction": hits,
        "differences from the undisturbed night, and broken proofs": "; ".join(faults) or "0",
        "load beside it": f"{os.getloadavg()[0]:.1f}",
    }
    words = (
        "Two workers at once closed three missed days in processes of their own; each was killed "
        "with kill -9 at a random moment and another took its place. What stood in the books "
        "afterwards was compared row by row with the same bank closed without a disturbance. "
        f"Repeat it with `./bank drill cob --seed {options.seed} --kills {options.kills} "
        f"--accounts {options.accounts} --postings {options.postings} --loans {options.loans}`: "
        "the same bank, killed at other moments. It speaks for goal G17."
    )
    path = record.write("cob", began=began, ended=datetime.now(UTC), figures=figures, words=words)
    for what, figure in figures.items():
        print(f"{what}: {figure}")
    print(f"The record is {path}")
    return 1 if faults else 0


def worker(name: str, at: datetime, options: argparse.Namespace) -> subprocess.Popen:
    """This will start a worker process; it says when it is ready, and waits for a word."""
    words = [sys.executable, "-m", "wekeza.drills.close_worker", name, at.isoformat()]
    return subprocess.Popen(
        [*words, str(options.chunk)],
        cwd=env.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def let_go(workers: list[subprocess.Popen]) -> None:
    """This will wait until all are ready, and let them begin together."""
    for one in workers:
        if one.stdout.readline() != "ready\n":
            raise RuntimeError("a worker did not come up")
    for one in workers:
        one.stdin.write("go\n")
        one.stdin.flush()


def close_undisturbed(name: str, at: datetime, options: argparse.Namespace) -> float:
    """This will close a copy by one worker, and give the seconds."""
    one = worker(name, at, options)
    let_go([one])
    began = time.monotonic()
    if one.wait():
        raise RuntimeError("the undisturbed night did not end")
    return time.monotonic() - began


def close_under_fire(name, at, options, dice, took: float, most: int) -> tuple[int, int]:
    """This will close a copy by pairs of workers, killed again and again: kills, and in a deed."""
    kills = hits = 0
    while True:
        pair = [worker(name, at, options) for _ in range(2)]
        let_go(pair)
        if kills >= most:
            if any([one.wait() for one in pair]):
                raise RuntimeError("a worker that nobody killed failed")
            return kills, hits
        for victim in pair:
            time.sleep(dice.uniform(0, took / max(options.kills, 1)))
            if victim.poll() is None:
                hits += in_transaction(name)
                victim.send_signal(signal.SIGKILL)
                kills += 1
        if [one.wait() for one in pair].count(0) == 2:
            return kills, hits


def in_transaction(name: str) -> int:
    """This will tell whether somebody is inside a transaction in a copy: 1 or 0."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND xact_start IS NOT NULL",
            [name],
        )
        return int(cursor.fetchone()[0] > 0)


def state() -> dict[str, list]:
    """This will read all that must be the same, in an order of its own."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for what, query in cob_bank.SAME.items():
            cursor.execute(query)
            found[what] = sorted(tuple(map(str, row)) for row in cursor.fetchall())
    return found


def differ(must: dict[str, list], found: dict[str, list]) -> list[str]:
    """This will name what is not the same in two states, with the first rows that differ."""
    return [
        f"{what}: missing {sorted(set(rows) - set(found[what]))[:2]}, "
        f"too much {sorted(set(found[what]) - set(rows))[:2]}, "
        f"{len(rows)} rows and {len(found[what])}"
        for what, rows in must.items()
        if rows != found[what]
    ]


def digest(found: dict[str, list]) -> str:
    """This will give one SHA-256 over a state."""
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def unsound(first) -> list[str]:
    """This will ask every proof and whether all days are closed with nothing set aside."""
    from branch.close_of_business.models import CloseChunk, CloseRun
    from branch.close_of_business.states import ChunkState, RunState
    from ledger.proofs import queries as proofs
    from wekeza import wiring

    broken = [one.name for one in proofs.prove(more=wiring.PROOFS) if not one.holds]
    done = CloseRun.objects.filter(state=RunState.DONE, business_date__gte=first).count()
    aside = CloseChunk.objects.filter(state=ChunkState.ASIDE).count()
    if done != DAYS:
        broken.append(f"{done} days are closed")
    if aside:
        broken.append(f"{aside} chunks were set aside")
    return broken


def figures_of(options, first, must: dict[str, list], took: float) -> dict:
    """This will count what the night was about."""
    from branch.close_of_business.models import CloseChunk

    return {
        "seed": options.seed,
        "savings accounts": options.accounts,
        **{f"loans {what}": times for what, times in cob_bank.happened().items()},
        "days closed": f"{DAYS}, from {first}",
        "seconds of the undisturbed night": f"{took:.1f}",
        "chunks of the undisturbed night": CloseChunk.objects.count(),
        **{what: f"{len(rows):,}" for what, rows in must.items() if what != "business date"},
        "digest": digest(must),
    }


if __name__ == "__main__":
    sys.exit(main())
