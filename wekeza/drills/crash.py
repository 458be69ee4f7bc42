"""
./bank drill crash: transfers while processes and the database are killed (recipe R1, goal G1).

Clients ask processes of the bank for transfers, and write what they ask and hear to histories of
their own, synced to the disk before and after. Meanwhile workers and one backend of PostgreSQL are
killed (kill -9), and PostgreSQL is stopped at once and started again. At the end every ask whose
outcome nobody heard is repeated by its key. Is anything lost, doubled or unbalanced?
"""

import argparse
import contextlib
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import psycopg

from wekeza.bench.server import BenchServer, bench_server
from wekeza.runtime import env

OPENING = Decimal(20_000)
KINDS = ("worker", "backend", "immediate")
BACK_OFF = 0.5  # Seconds.
PATIENCE = 200  # Asks of one key before it counts as unknown for ever.


def options_of(words: list[str] | None = None) -> argparse.Namespace:
    """This will read the words of the command line."""
    asked = argparse.ArgumentParser(prog="./bank drill crash", description=__doc__.split("\n")[1])
    asked.add_argument("--transfers", type=int, default=10_000)
    asked.add_argument("--kills", type=int, default=30)
    asked.add_argument("--clients", type=int, default=4)
    asked.add_argument("--accounts", type=int, default=40)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    return asked.parse_args(words)


def main() -> int:
    options = options_of()
    with bench_server() as server, tempfile.TemporaryDirectory() as folder:
        server.run("manage.py", "migrate", "-v", "0", role=env.OWNER_ROLE)
        server.run("-m", "wekeza.bench.population", "0", str(options.accounts))
        return run(server, Path(folder), options)


def run(server: BenchServer, folder: Path, options: argparse.Namespace) -> int:
    """This will let clients ask under fire, heal, repeat, compare and write the record."""
    from wekeza.drills import record

    began = datetime.now(UTC)
    numbers = [row[0] for row in server.say(_NUMBERS, database=env.DATABASE)]
    share = options.transfers // options.clients
    clients = [
        Client(number, server, folder, numbers, share, options.seed)
        for number in range(options.clients)
    ]
    killed, hits = under_fire(server, clients, options)
    repeated = sum(client.repeat() for client in clients)
    for client in clients:
        client.dismiss()
    story = [line for client in clients for line in read(client.history)]
    final = outcomes(story)
    faults = compare(story, final, entries_of(server), balances_of(server))
    proven = json.loads(server.run("-m", "wekeza.bench.proofs"))
    faults += [f"proof {name}" for name in proven["broken"]]
    figures = {
        "seed": options.seed,
        "transfers asked for": f"{len(final):,} between {len(numbers)} accounts",
        **{f"ended {what}": f"{times:,}" for what, times in Counter(final.values()).items()},
        "nobody heard the outcome at first, repeated by key": f"{repeated:,}",
        **{f"killed: {kind}": times for kind, times in sorted(killed.items())},
        "kills that hit a deed under way": f"{hits} of {killed.total()}",
        "lost, doubled, unbalanced or unknown": "; ".join(faults[:20]) or "0",
        "proofs": f"{proven['asked']} asked, broken: {', '.join(proven['broken']) or 'none'}",
        "durability": ", ".join(f"{k} {v}" for k, v in server.durability().items()),
        "load beside it": f"{os.getloadavg()[0]:.1f}",
    }
    words = (
        "Clients asked worker processes for transfers (draft, authorisation by PIN taken as given, "
        "sending) through the service layer, with a history of their own that is synced to the "
        f"disk. Repeat it with `./bank drill crash --seed {options.seed} --transfers "
        f"{options.transfers} --kills {options.kills}`. It speaks for goal G1."
    )
    path = record.write("crash", began=began, ended=datetime.now(UTC), figures=figures, words=words)
    for what, figure in figures.items():
        print(f"{what}: {figure}")
    print(f"The record is {path}")
    return 1 if faults else 0


class Client:
    """Somebody outside the bank, who asks one process for transfers and writes down everything."""

    def __init__(self, number, server: BenchServer, folder: Path, accounts, share, seed):
        self.server, self.accounts, self.share, self.done = server, accounts, share, 0
        self.dice = random.Random(seed * 1000 + number)  # noqa: S311 - a drill.
        self.history = folder / f"{number}.jsonl"
        self.is_waiting, self.worker, self.stop = False, None, False
        self.thread = threading.Thread(target=self._ask_all)

    def _ask_all(self) -> None:
        while self.done < self.share:
            payer, payee = self.dice.sample(self.accounts, 2)
            key = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
            amount = f"{self.dice.randint(1, 900)}.{self.dice.randint(0, 99):02}"
            asked = {"key": key, "from": payer, "to": payee, "amount": amount}
            self._note(t="invoke", **asked)
            if self._ask(asked) == "info":
                time.sleep(BACK_OFF)  # As anybody would; or a second's outage would use all up.
            self.done += 1

    def repeat(self) -> int:
        """This will ask again, by its key, whatever nobody heard the outcome of."""
        story = read(self.history)
        final = outcomes(story)
        unknown = [line for line in story if line["t"] == "invoke" and final[line["key"]] == "info"]
        for line in unknown:
            asked = {name: line[name] for name in ("key", "from", "to", "amount")}
            for _ in range(PATIENCE):
                if self._ask(asked) != "info":
                    break
                time.sleep(0.1)
        return len(unknown)

    def dismiss(self) -> None:
        """This will end the client's process."""
        if self.worker is not None:
            self.worker.stdin.close()
            self.worker.wait(timeout=30)

    def _ask(self, asked: dict) -> str:
        try:
            self._ready_worker()
            self.is_waiting = True
            self.worker.stdin.write(json.dumps(asked) + "\n")
            self.worker.stdin.flush()
            line = self.worker.stdout.readline()
        except OSError:
            line = ""
        finally:
            self.is_waiting = False
        answer = json.loads(line) if line.endswith("\n") else {"t": "info", "why": "gone"}
        self._note(key=asked["key"], **answer)
        return answer["t"]

    def _ready_worker(self) -> None:
        while self.worker is None or self.worker.poll() is not None:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "wekeza.drills.crash_worker"],
                cwd=env.ROOT,
                env=self.server.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self.worker.stdout.readline()

    def _note(self, **facts) -> None:
        with self.history.open("ab", buffering=0) as file:
            file.write(json.dumps(facts).encode() + b"\n")
            os.fsync(file.fileno())


def under_fire(server: BenchServer, clients: list[Client], options) -> tuple[Counter, int]:
    """This will let all clients ask, and kill in between, evenly over the transfers."""
    dice = random.Random(options.seed)  # noqa: S311 - a drill.
    killed, hits = Counter(), 0
    for client in clients:
        client.thread.start()
    for number in range(options.kills):
        until = (number + dice.random()) * options.transfers / options.kills
        while sum(client.done for client in clients) < until:
            time.sleep(0.005)
        kind = KINDS[number % len(KINDS)]
        hits += kill(kind, server, clients, dice)
        killed[kind] += 1
        print(f"{sum(client.done for client in clients):,} asked, {kind} killed", flush=True)
    for client in clients:
        client.thread.join()
    return killed, hits


def kill(kind: str, server: BenchServer, clients: list[Client], dice: random.Random) -> bool:
    """This will kill one of a kind, and tell whether a deed was under way."""
    if kind == "worker":
        busy = [client for client in clients if client.is_waiting] or clients
        client = dice.choice([one for one in busy if one.worker] or clients)
        was_busy = client.is_waiting
        if client.worker is not None:
            client.worker.kill()
        return was_busy
    found = server.say(_BACKENDS)
    was_busy = any(is_busy for _, is_busy in found)
    if kind == "backend":
        if found:
            os.kill(found[0][0], 9)
        _wait_for(server)  # The server takes itself down and recovers.
    else:
        server.postgres.stop("immediate")
        time.sleep(dice.random())
        server.postgres.start()
    return was_busy


def _wait_for(server: BenchServer) -> None:
    for _ in range(600):
        time.sleep(0.1)
        with contextlib.suppress(psycopg.OperationalError):
            server.say("SELECT 1")
            return
    raise RuntimeError("the database did not come back")


def read(history: Path) -> list[dict]:
    """This will read a history; a last line that was cut off never happened."""
    lines = history.read_text().splitlines(keepends=True) if history.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def outcomes(story: list[dict]) -> dict[str, str]:
    """This will give the last that was heard of each key: ok, fail or info."""
    final = {}
    for line in story:
        final[line["key"]] = "info" if line["t"] == "invoke" else line["t"]
    return final


def compare(story, final: dict[str, str], entries: dict, balances: dict) -> list[str]:
    """This will name what the books have otherwise than the clients heard."""
    faults, must = [], dict.fromkeys(balances, OPENING)
    asked = {line["key"]: line for line in story if line["t"] == "invoke"}
    for key, line in asked.items():
        posted = entries.get(key, [])
        if final[key] == "info":
            faults.append(f"{key} is unknown")
        elif len(posted) != (final[key] == "ok"):
            faults.append(f"{key} ended {final[key]} and has {len(posted)} entries")
        elif posted and sorted(posted[0]) != sorted(
            [(line["from"], "DEBIT", line["amount"]), (line["to"], "CREDIT", line["amount"])]
        ):
            faults.append(f"{key} was posted as {posted[0]}")
        if final[key] == "ok":
            must[line["from"]] -= Decimal(line["amount"])
            must[line["to"]] += Decimal(line["amount"])
    faults += [f"an entry for {key}, which nobody asked for" for key in entries.keys() - asked]
    return faults + [
        f"account {number} has {balance}, must have {must[number]}"
        for number, balance in balances.items()
        if balance != must[number]
    ]


def entries_of(server: BenchServer) -> dict[str, list]:
    """This will read the entries of every key with their postings on customers' accounts."""
    found = {}
    for key, entry, number, side, amount in server.say(_ENTRIES, database=env.DATABASE):
        found.setdefault(str(key), {}).setdefault(entry, []).append((number, side, f"{amount:.2f}"))
    return {key: list(entries.values()) for key, entries in found.items()}


def balances_of(server: BenchServer) -> dict[str, Decimal]:
    """This will read what every account holds."""
    return dict(server.say(_BALANCES, database=env.DATABASE))


_NUMBERS = "SELECT number FROM accounts_depositaccount ORDER BY id"
_BACKENDS = """
SELECT pid, xact_start IS NOT NULL AS is_busy FROM pg_stat_activity
 WHERE usename = 'wekeza_app' ORDER BY is_busy DESC, random()"""
_ENTRIES = """
SELECT t.reference, e.id, d.number, p.side, p.amount FROM payments_transfer t
  JOIN ledger_entry e ON e.reference = 'transfer:' || t.public_id
  JOIN ledger_posting p ON p.entry_id = e.id
  JOIN accounts_depositaccount d ON d.ledger_account_id = p.account_id"""
_BALANCES = """
SELECT d.number, b.balance FROM accounts_depositaccount d
  JOIN ledger_balance b ON b.account_id = d.ledger_account_id"""


if __name__ == "__main__":
    sys.exit(main())
