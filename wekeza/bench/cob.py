"""
./bank bench cob [--json]: what the night costs, beside the bare writing of the same rows.

One server of its own, as durable as in production, with a million savings accounts whose money was
posted. Every round works out a day's interest with one worker and with two, in the chunks of the
close of business, books it, and copies the same rows with one INSERT ... SELECT; then it pays the
interest, and copies what the payment wrote with bare statements. A ratio is the median over the
rounds, bare seconds by ours. Then it lends a million times and does the night of loans
(wekeza/bench/loans.py). At the end every proof is asked; it ends with 1 if one fails or a figure is
on the wrong side of its floor.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections import defaultdict
from datetime import date
from statistics import median

import django

from wekeza.bench import loans, night, savers
from wekeza.bench.server import BenchServer, bench_server
from wekeza.runtime import env

# Key of `ratios`: floor and goal.
AIMS = {
    "accrual_vs_insert": (0.35, 0.5),
    "accrual_2w_vs_insert": (0.5, 0.7),
    "capitalise_vs_bare": (0.4, 0.6),
} | loans.AIMS


def options_of(words: list[str] | None = None) -> argparse.Namespace:
    """This will read the words of the command line."""
    asked = argparse.ArgumentParser(prog="./bank bench cob", description=__doc__.split("\n")[1])
    asked.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked.add_argument("--accounts", type=int, default=1_000_000, help="0: none")
    asked.add_argument("--loans", type=int, default=1_000_000, help="0: none; 40 or more")
    asked.add_argument("--rounds", type=int, default=5)
    return asked.parse_args(words)


def main() -> int:
    options = options_of()
    with bench_server() as server:
        say("making the bank")
        server.run("manage.py", "migrate", "-v", "0", role=env.OWNER_ROLE)
        server.run("-m", "wekeza.bench.population", "0", "1")
        os.environ.update(server.environment())
        django.setup()
        report = measure(server, options)
    if options.json:
        print(json.dumps(report, indent=1))
    else:
        tell(report)
    return 1 if report["below_floor"] or report["proofs"]["broken"] else 0


def measure(server: BenchServer, options: argparse.Namespace) -> dict:
    """This will open the accounts, run all rounds, ask the proofs and give the whole report."""
    began, load = time.time(), os.getloadavg()[0]
    seconds, ratios = {}, {}
    if options.accounts:
        seconds["savings"] = of_savings(server, options)
        ratios |= ratios_of(seconds["savings"])
    if options.loans:
        found = loans.measure(server, size=options.loans, rounds=options.rounds, say=say)
        seconds |= {f"{size:,} loans": each for size, each in found.items()}
        ratios |= loans.ratios_of(found)
    say("asking the proofs")
    return {
        "ratios": ratios,
        "goals": {key: AIMS[key][1] for key in ratios},
        "floors": {key: AIMS[key][0] for key in ratios},
        "below_floor": [key for key, found in ratios.items() if misses(key, found, AIMS[key][0])],
        "below_goal": [key for key, found in ratios.items() if misses(key, found, AIMS[key][1])],
        "seconds": {
            of: {name: [round(took, 2) for took in every] for name, every in each.items()}
            for of, each in seconds.items()
        },
        "proofs": json.loads(server.run("-m", "wekeza.bench.proofs")),
        "run": {
            "accounts": options.accounts,
            "loans": options.loans,
            "rounds": options.rounds,
            "took_seconds": round(time.time() - began),
            "cpus": os.cpu_count(),
            "load_before_after": [round(load, 1), round(os.getloadavg()[0], 1)],
            "python": platform.python_version(),
            **server.durability(),
        },
    }


def misses(key: str, found: float, aim: float) -> bool:
    """This will tell whether a figure is on the wrong side of its floor or goal."""
    return found > aim if key in loans.AT_MOST else found < aim


def of_savings(server: BenchServer, options: argparse.Namespace) -> dict[str, list[float]]:
    """This will open the savings accounts and run all rounds of theirs."""
    say(f"opening {options.accounts:,} accounts")
    savers.open_accounts(server, options.accounts)
    seconds = defaultdict(list)
    for number in range(options.rounds):
        say(f"round {number + 1} of {options.rounds}")
        for name, took in a_round(server).items():
            seconds[name].append(took)
    return seconds


def ratios_of(seconds: dict[str, list[float]]) -> dict[str, float]:
    """This will give the medians of the rounds' own ratios, the bare seconds by ours."""
    pairs = {
        "accrual_vs_insert": ("insert", "accrual"),
        "accrual_2w_vs_insert": ("insert", "accrual_2w"),
        "capitalise_vs_bare": ("bare", "capitalise"),
    }
    return {
        key: round(
            median(b / o for b, o in zip(seconds[bare], seconds[ours], strict=True)), 2
        )
        for key, (bare, ours) in pairs.items()
    }  # fmt: skip


def a_round(server: BenchServer) -> dict[str, float]:
    """This will do two nights, one with one worker and one with two, and pay at the end."""
    from ledger.calendar import queries as calendar_queries

    found = {}
    for name, workers in (("accrual", 1), ("accrual_2w", 2)):
        day = calendar_queries.business_date()
        server.say("CHECKPOINT")
        found[name] = accrue(day, workers=workers)
        if name == "accrual":
            server.say("CHECKPOINT")
            found["insert"] = savers.copy_accruals(server, day)
            night.end(day)
    server.say("CHECKPOINT")
    newest = server.say("SELECT max(id) FROM ledger_entry", database=env.DATABASE)[0][0]
    found["capitalise"] = capitalise(day)
    server.say("CHECKPOINT")
    found["bare"] = savers.copy_payment(server, day, after=newest)
    night.end(day)
    savers.clean(server)
    return found


def accrue(day: date, *, workers: int) -> float:
    """This will work out and book one day's interest as the night does, and give the seconds."""
    from accounts.savings import operations as savings
    from branch.close_of_business import steps
    from ledger.calendar import operations as calendar
    from ledger.calendar import queries as calendar_queries
    from wekeza.kit.actor import SYSTEM

    ends_at = calendar_queries.ends_at(day)
    began = time.perf_counter()
    late = calendar.cut_off(day=day, moment=ends_at, after=0)

    def one(chunk: tuple[int, int]) -> int:
        return savings.accrue(
            day=day, moment=ends_at, late_from=late, back_from=late, first=chunk[0], last=chunk[1]
        )

    shared(one, steps.ACCOUNTS, workers)
    savings.book(day=day, late_from=late, actor=SYSTEM, at=ends_at)
    return time.perf_counter() - began


def capitalise(day: date) -> float:
    """This will pay all accounts their interest, chunk by chunk, and give the seconds."""
    from accounts.savings import operations as savings
    from branch.close_of_business import steps
    from ledger.calendar import queries as calendar_queries
    from wekeza.kit.actor import SYSTEM

    began = time.perf_counter()
    shared(
        lambda chunk: savings.pay(
            day=day, first=chunk[0], last=chunk[1], actor=SYSTEM,
            at=calendar_queries.ends_at(day),
        ),
        steps.HELD,
    )  # fmt: skip
    return time.perf_counter() - began


def shared(work, size: int, workers: int = 1) -> None:
    """This will let so many workers do the chunks of all savings accounts."""
    from branch.close_of_business import steps
    from ledger.calendar import queries as calendar_queries

    done = night.shared(work, steps.bearing(calendar_queries.business_date(), size), workers)
    if done != savers.opened():
        raise RuntimeError(f"{done} accounts were done, {savers.opened()} are there")


def tell(report: dict) -> None:
    """This will print the report for a reader."""
    for of, each in report["seconds"].items():
        print(of)
        for name, seconds in each.items():
            print(f"  {name:15} {median(seconds):7.2f} s  {seconds}")
    for key, found in report["ratios"].items():
        aims = f"goal {report['goals'][key]:.2f}, floor {report['floors'][key]:.2f}"
        print(f"{key:25} {found:6.2f}   {aims}")
    print(f"proofs: {report['proofs']}")
    print(f"run: {report['run']}")


def say(words: str) -> None:
    print(f"  {words} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
