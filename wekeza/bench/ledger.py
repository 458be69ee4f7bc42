"""
./bank bench ledger [--json]: what posting costs, beside TPC-B and beside django-hordak.

One server of its own, as durable as in production. Every round gives each contender a slice of a
few seconds, one after the other; a ratio is the median over the rounds. At the end every proof is
asked. It ends with 1 if a proof fails or a ratio is below its floor.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import replace

from wekeza.bench import yardsticks
from wekeza.bench.crew import Crew
from wekeza.bench.figures import ratio, summary
from wekeza.bench.growth import Growth
from wekeza.bench.server import BenchServer, bench_server
from wekeza.runtime import env

ACCOUNTS = 2000
BATCH_LINES = 10_000
# (contender, clients) of a round, in order: what is divided lies side by side.
ROUND = [
    ("tpcb", 1), ("post", 1), ("deed", 1),
    ("hordak", 8), ("post", 8), ("tpcb", 8), ("batch", 1), ("deed", 8), ("hot", 8),
    ("hordak_prepared", 8),
    ("post", 32), ("hot", 32),
]  # fmt: skip
# Key of `ratios`: divided, divisor, floor, goal; 0 is for information.
RATIOS = {
    "post_vs_tpcb_c8": (("post", 8), ("tpcb", 8), 0.70, 0.90),
    "post_vs_tpcb_c1": (("post", 1), ("tpcb", 1), 1.20, 1.60),
    "deed_vs_tpcb_c1": (("deed", 1), ("tpcb", 1), 0.35, 0.50),
    "deed_vs_tpcb_c8": (("deed", 8), ("tpcb", 8), 0.25, 0.35),
    "post_vs_hordak_c8": (("post", 8), ("hordak", 8), 4.0, 6.0),
    "post_vs_prepared_hordak_c8": (("post", 8), ("hordak_prepared", 8), 0, 0),
    "batch_vs_tpcb": (("batch", 1), ("tpcb", 8), 3.0, 4.5),
    "hot_vs_uniform_c8": (("hot", 8), ("post", 8), 0.75, 0.90),
    "hot_vs_uniform_c32": (("hot", 32), ("post", 32), 0.75, 0.90),
}
# What is no ratio of two contenders of a round.
AIMS = RATIOS | {
    "proof_mps": (None, None, 0.3, 0.5),
    "post_10m_vs_100k": (None, None, 0.8, 0.9),
    "last_ten_10m_vs_1m": (None, None, 1.5, 1.2),
}
LESS_IS_BETTER = {"last_ten_10m_vs_1m"}


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank bench ledger", description=__doc__.split("\n")[1])
    asked.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--seconds", type=float, default=3.0, help="length of a slice")
    asked.add_argument("--accounts", type=int, default=ACCOUNTS)
    asked.add_argument("--clients", type=int, default=32, help="leave out what takes more")
    asked.add_argument("--without-hordak", action="store_true", help="install nothing for it")
    asked.add_argument(
        "--grow", type=float, default=0, metavar="MILLIONS",
        help="afterwards fill the books to so many million postings (10) and measure again",
    )  # fmt: skip
    options = asked.parse_args()
    with bench_server() as server:
        report = measure(server, options)
    if options.json:
        print(json.dumps(report, indent=1))
    else:
        tell(report)
    return 0 if report["proofs"]["broken"] == [] and not report["below_floor"] else 1


def measure(server: BenchServer, options: argparse.Namespace) -> dict:
    """This will make the banks, run all rounds, ask the proofs and give the whole report."""
    began = time.time()
    crews = {}
    try:
        crews["bank"] = open_bank(server, options)
        if not options.without_hordak:
            crews |= yardsticks.open_hordak(server, accounts=options.accounts)
        yardsticks.open_tpcb(server)
        server.say("VACUUM ANALYZE", database=env.DATABASE)
        growth = Growth(server, crews["bank"], options)
        if options.grow:
            growth.measure_small()
        slices = run_rounds(server, crews, options)
        grown = growth.measure_large() if options.grow else {}
    finally:
        for crew in crews.values():
            crew.dismiss()
    ratios = {
        key: ratio(slices[ours], slices[theirs])
        for key, (ours, theirs, *_) in RATIOS.items()
        if slices.get(ours) and slices.get(theirs)
    }
    proven = prove(server)
    ratios |= grown.get("ratios", {}) | {"proof_mps": proven["millions_of_postings_a_second"]}
    return {
        "ratios": ratios,
        "goals": {key: goal for key, (*_, goal) in AIMS.items() if goal},
        "floors": {key: floor for key, (*_, floor, _) in AIMS.items() if floor},
        "below_floor": [key for key, found in ratios.items() if is_worse(key, found, 2)],
        "below_goal": [key for key, found in ratios.items() if is_worse(key, found, 3)],
        "contenders": {f"{name}_c{clients}": summary(slices[name, clients])
                       for name, clients in ROUND if slices.get((name, clients))},
        "grown": grown,
        "proofs": proven,
        "run": {
            "rounds": options.rounds,
            "slice_seconds": options.seconds,
            "accounts": options.accounts,
            "tpcb_scale": yardsticks.TPCB_SCALE,
            "took_seconds": round(time.time() - began),
            "cpus": os.cpu_count(),
            "load_before_after": [round(load, 1) for load in os.getloadavg()[:2]],
            "python": platform.python_version(),
            **server.durability(),
        },
    }  # fmt: skip


def open_bank(server: BenchServer, options: argparse.Namespace) -> Crew:
    """This will migrate the bank's database, take its customers on and open its processes."""
    say("making the bank and its customers")
    server.run("manage.py", "migrate", "-v", "0", role=env.OWNER_ROLE)
    half = options.accounts // 2
    parts = [
        subprocess.Popen(
            [sys.executable, "-m", "wekeza.bench.population", str(first), str(half)],
            cwd=env.ROOT,
            env=server.environment(),
            stdout=subprocess.DEVNULL,  # What it prints is for the bench of pages.
        )
        for first in (0, half)
    ]
    if any([part.wait() for part in parts]):
        raise RuntimeError("the customers of the bench could not be made")
    return Crew(
        [sys.executable, "-m", "wekeza.bench.worker"],
        size=min(options.clients, max(clients for _, clients in ROUND)),
        cwd=env.ROOT,
        environment=server.environment(),
    )


def run_rounds(server: BenchServer, crews: dict[str, Crew], options: argparse.Namespace) -> dict:
    """This will run one round to warm up and then those that count."""
    slices = {}
    for number in range(options.rounds + 1):
        say(f"round {number} of {options.rounds}" if number else "warming up")
        if number < 2:
            server.say("CHECKPOINT")
        # There and back, so that nobody always comes first when the machine is fresh.
        for name, clients in ROUND if number % 2 else reversed(ROUND):
            if clients > options.clients:
                continue
            if name == "batch":
                found = crews["bank"].work(name, clients=1, seconds=options.seconds)
                found = replace(found, rate=found.rate * BATCH_LINES)
            elif name == "tpcb":
                found = yardsticks.tpcb(server, clients=clients, seconds=options.seconds)
            elif name in {"post", "deed", "hot"}:
                found = crews["bank"].work(name, clients=clients, seconds=options.seconds)
            elif name in crews:
                found = crews[name].work("transfer", clients=clients, seconds=options.seconds)
            else:
                continue
            if number:
                slices.setdefault((name, clients), []).append(found)
    return slices


def is_worse(key: str, found: float, place: int) -> bool:
    """This will tell whether a figure misses its floor (2) or its goal (3)."""
    aim = AIMS[key][place]
    return found > aim if key in LESS_IS_BETTER else found < aim


def prove(server: BenchServer) -> dict:
    """This will ask every proof of the books that were measured."""
    return json.loads(server.run("-m", "wekeza.bench.proofs"))


def tell(report: dict) -> None:
    """This will print the report for a reader."""
    for name, facts in report["contenders"].items():
        times = (
            f"  p50 {facts['p50_us']:,} us  p99 {facts['p99_us']:,} us" if "p50_us" in facts else ""
        )
        print(f"{name:12} {facts['per_second']:>7,} a second{times}  {facts['slices']}")
    for key, found in report["ratios"].items():
        aims = (
            f"goal {report['goals'][key]:.2f}, floor {report['floors'][key]:.2f}"
            if key in report["goals"]
            else "for information"
        )
        print(f"{key:27} {found:5.2f}   {aims}")
    print(f"proofs: {report['proofs']}")
    print(f"run: {report['run']}")


def say(words: str) -> None:
    print(f"  {words} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
