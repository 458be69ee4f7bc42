"""
./bank bench decision [--json]: how many loan applications are decided, and how fast.

A bank of its own with customers who have deposits; programs that each decide one application after
the other, as workers do: taken in, bureau asked over HTTP (a stand-in on this machine), facts,
limit, score, decision and its record, each durable. First by one client, then by several that begin
at the same moment, each with people of its own.
"""

import argparse
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from lending.bureau.simulator import Bureau, running
from wekeza.bench.decision_worker import GATE
from wekeza.bench.figures import percentile
from wekeza.bench.server import BenchServer, bench_server
from wekeza.runtime import env


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank bench decision", description=__doc__)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--each", type=int, default=40, help="Applications of each client.")
    options = asked.parse_args()
    with bench_server() as server, running(Bureau("bench", "bench")) as bureau:
        server.run("manage.py", "migrate", "-v", "0", role=env.OWNER_ROLE)
        people = (1 + options.clients) * options.each
        server.run("-m", "wekeza.bench.population", "0", str(people))
        figures = {
            f"clients_{clients}": _summary(_decide(server, bureau.url, clients, options.each, nth))
            for nth, clients in enumerate((1, options.clients))
        }
    if options.json:
        print(json.dumps(figures, indent=1))
        return 0
    print(f"{'':12}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}{'decided':>9}")
    for name, found in figures.items():
        print(
            f"{name:12}{found['per_second']:10.1f}{found['p50_ms']:9.1f}{found['p95_ms']:9.1f}"
            f"{found['decided']:9}"
        )
    return 0


def _decide(server: BenchServer, url: str, clients: int, each: int, nth: int) -> list[dict]:
    """Every client is a process; none begins before all are there."""

    def client(number: int) -> dict:
        words = [str((nth + number) * each), str(each), url]
        return json.loads(server.run("-m", "wekeza.bench.decision_worker", *words))

    with ThreadPoolExecutor(clients) as pool, server.connection(env.DATABASE) as gate:
        gate.execute("SELECT pg_advisory_lock(%s)", [GATE])
        found = [pool.submit(client, number) for number in range(clients)]
        while _waiting(gate) < clients and not any(one.done() for one in found):
            time.sleep(0.05)
        gate.execute("SELECT pg_advisory_unlock(%s)", [GATE])
        return [one.result() for one in found]


def _waiting(gate) -> int:
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return gate.execute(asked).fetchone()[0]


def _summary(found: list[dict]) -> dict:
    taken = sorted(each for one in found for each in one["ms"])
    seconds = max(one["ended"] for one in found) - min(one["began"] for one in found)
    return {
        "decided": len(taken),
        "per_second": round(len(taken) / seconds, 1),
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(percentile(taken, 95), 1),
        "results": {
            name: sum(one["results"].get(name, 0) for one in found)
            for name in ("APPROVED", "REFUSED", "REFERRED")
        },
    }


if __name__ == "__main__":
    raise SystemExit(main())
