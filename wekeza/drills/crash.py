"""
./bank drill crash: transfers while processes and the database are killed (recipe R1, goal G1).

Clients ask the bank for transfers over HTTP, and write what they ask and hear to histories of their
own, synced to the disk before and after. Meanwhile the web server, the worker, beat and one backend
of PostgreSQL are killed (kill -9), and PostgreSQL is stopped at once and started again. At the end
every ask whose outcome nobody heard is repeated by its key. Is anything lost, doubled or
unbalanced?
"""

import argparse
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from wekeza.bench.server import BenchServer, bench_server
from wekeza.drills.crash_bank import Bank
from wekeza.drills.crash_client import Client, outcomes, read
from wekeza.runtime import env

OPENING = Decimal(20_000)
KINDS = ("web", "backend", "immediate", "worker", "web", "beat")
# For so many seconds, at the end, what waits in the outbox may stay as much as it is; a message
# that a killed worker had taken is free again when its lease is over.
DELIVERS_WITHIN = 420


def options_of(words: list[str] | None = None) -> argparse.Namespace:
    """This will read the words of the command line."""
    asked = argparse.ArgumentParser(prog="./bank drill crash", description=__doc__.split("\n")[1])
    asked.add_argument("--transfers", type=int, default=10_000)
    asked.add_argument("--kills", type=int, default=30)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--accounts", type=int, help="One for each 75 transfers, unless it is said.")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    options = asked.parse_args(words)
    # Nobody sends so much that a daily limit refuses it: 75 times some 450 is less than 50,000.
    options.accounts = options.accounts or max(options.transfers // 75, 100)
    return options


def main() -> int:
    options = options_of()
    with bench_server() as server, tempfile.TemporaryDirectory() as folder:
        server.run("manage.py", "migrate", "-v", "0", role=env.OWNER_ROLE)
        who = json.loads(server.run("-m", "wekeza.bench.population", "0", str(options.accounts)))
        bank = Bank(server, Path(folder))
        try:
            bank.start()
            return run(bank, who, Path(folder), options)
        finally:
            bank.stop()


def run(bank: Bank, who: dict, folder: Path, options: argparse.Namespace) -> int:
    """This will let clients ask under fire, heal, repeat, compare and write the record."""
    from wekeza.drills import record

    began, server = datetime.now(UTC), bank.server
    share = options.transfers // options.clients
    clients = [
        Client(number, bank.port, folder, who, share, options.seed)
        for number in range(options.clients)
    ]
    killed, hits = under_fire(bank, clients, options)
    with ThreadPoolExecutor(len(clients)) as pool:
        repeated = sum(pool.map(Client.repeat, clients))
    story = [line for client in clients for line in read(client.history)]
    final = outcomes(story)
    faults = compare(story, final, entries_of(server), balances_of(server))
    faults += left_in_outbox(server)
    proven = json.loads(server.run("-m", "wekeza.bench.proofs"))
    faults += [f"proof {name}" for name in proven["broken"]]
    refused = Counter(line["code"] for line in story if line["t"] == "fail")
    figures = {
        "seed": options.seed,
        "transfers asked for": f"{len(final):,} between {len(who['people'])} accounts",
        **{f"ended {what}": f"{times:,}" for what, times in Counter(final.values()).items()},
        "refused with": ", ".join(f"{code} {n}" for code, n in refused.most_common()) or "nothing",
        "nobody heard the outcome at first, repeated by key": f"{repeated:,}",
        **{f"killed: {kind}": times for kind, times in sorted(killed.items())},
        "kills that hit a deed under way": f"{hits} of {killed.total()}",
        "lost, doubled, unbalanced or unknown": "; ".join(faults[:20]) or "0",
        "proofs": f"{proven['asked']} asked, broken: {', '.join(proven['broken']) or 'none'}",
        "durability": ", ".join(f"{k} {v}" for k, v in server.durability().items()),
        "load beside it": f"{os.getloadavg()[0]:.1f}",
    }
    words = (
        f"{options.clients} clients asked the web server over HTTP for transfers (draft with an "
        "Idempotency-Key, authorisation by PIN), each with a history of its own that is synced to "
        f"the disk. Repeat it with `./bank drill crash --seed {options.seed} --transfers "
        f"{options.transfers} --kills {options.kills}`. It speaks for goal G1."
    )
    path = record.write("crash", began=began, ended=datetime.now(UTC), figures=figures, words=words)
    for what, figure in figures.items():
        print(f"{what}: {figure}")
    print(f"The record is {path}")
    return 1 if faults else 0


def left_in_outbox(server: BenchServer) -> list[str]:
    """This will wait while the worker delivers, and name the messages that it leaves."""
    least, since = sys.maxsize, time.monotonic()
    while left := server.say(_WAITING, database=env.DATABASE):
        waiting = sum(times for *_, times in left)
        if waiting < least:
            least, since = waiting, time.monotonic()
        elif time.monotonic() - since > DELIVERS_WITHIN:
            break
        time.sleep(1)
    return [
        f"{state} in the outbox: {event}, {n} times, {error}" for event, state, error, n in left
    ]


def under_fire(bank: Bank, clients: list[Client], options) -> tuple[Counter, int]:
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
        hits += bank.kill(kind, dice)
        killed[kind] += 1
        print(f"{sum(client.done for client in clients):,} asked, {kind} killed", flush=True)
    for client in clients:
        client.thread.join()
    return killed, hits


def compare(story, final: dict[str, str], entries: dict, balances: dict) -> list[str]:
    """This will name what the books have otherwise than the clients heard."""
    faults, must = [], dict.fromkeys(balances, OPENING)
    asked = {line["key"]: line for line in story if line["t"] == "invoke"}
    for key, line in asked.items():
        posted = entries.get(key, [])
        if final[key] == "info":
            heard = {one.get("why") for one in story if one["key"] == key} - {None}
            faults.append(": ".join([f"{key} is unknown", *sorted(heard)]))
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


# Clients give their key as the reason, too.
_ENTRIES = """
SELECT t.reason, e.id, d.number, p.side, p.amount FROM payments_transfer t
  JOIN ledger_entry e ON e.reference = 'transfer:' || t.public_id
  JOIN ledger_posting p ON p.entry_id = e.id
  JOIN accounts_depositaccount d ON d.ledger_account_id = p.account_id"""
# The national register, which is asked who somebody is, has no part in the drill.
_WAITING = """
SELECT event, state, error, count(*) FROM ledger_outboxmessage
 WHERE state <> 'DONE' AND event NOT LIKE 'identity.%' GROUP BY 1, 2, 3"""
_BALANCES = """
SELECT d.number, b.balance FROM accounts_depositaccount d
  JOIN ledger_balance b ON b.account_id = d.ledger_account_id"""


if __name__ == "__main__":
    sys.exit(main())
