"""
./bank drill model [--of loans]: the books, or loans, against a bank in memory, for long.

The same machine as in the tests (ledger/journal/tests/machine.py, lending/repayments/tests/
machine.py), with more runs, longer ones and a seed of its own, which the record names: the same
seed tells both banks the same deeds again.
"""

import argparse
import os
import secrets
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Told:
    """What is told to both banks: the machine, how often, and the words of the record."""

    machine: str
    runs: int
    slice: int  # Runs between two lines of progress.
    words: str


OF = {
    "books": Told(
        "ledger.journal.tests.machine", 3000, 100,
        "Hypothesis told the books (PostgreSQL, through the ledger's public face, as the "
        "application role) and a bank in memory (exact fractions, no code in common) the same "
        "deeds. After each deed every balance, limit, sequence and refusal was compared. "
        "It speaks for LG01, LG04 and LG18. ",
    ),
    "loans": Told(
        "lending.repayments.tests.machine", 300, 10,
        "Hypothesis told the bank and a bank in memory (exact fractions, no code in common) the "
        "same lives of loans: money comes in, is paid or collected, nights are closed, closed "
        "twice or missed, loans turn bad and are paid off. After each deed what is owed, earned "
        "and paid of each loan, each split of a payment and the lines of the books were compared. ",
    ),
}  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank drill model", description=__doc__.split("\n")[1])
    asked.add_argument("--of", choices=OF, default="books")
    asked.add_argument("--runs", type=int)
    asked.add_argument("--steps", type=int, default=80, help="deeds of a run")
    asked.add_argument("--minutes", type=float, default=120, help="stop after this long")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    options = asked.parse_args()
    options.runs = options.runs or OF[options.of].runs
    os.environ["DJANGO_SETTINGS_MODULE"] = "wekeza.settings_test"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from wekeza.tests.databases import TestCluster

    cluster = TestCluster(settings.BANK_DATA)
    cluster.join()
    name = cluster.clone("drill")
    connection.settings_dict["NAME"] = name
    try:
        return run(options)
    finally:
        connection.close()
        cluster.drop(name)
        cluster.leave()


def run(options: argparse.Namespace) -> int:
    """This will run the machine slice by slice, prove the whole bank and write the record."""
    from ledger.proofs import queries as proofs
    from wekeza import wiring
    from wekeza.drills import record

    told = OF[options.of]
    machine = import_module(told.machine)
    began, started = datetime.now(UTC), time.monotonic()
    done, fault = 0, ""
    while done < options.runs and time.monotonic() - started < options.minutes * 60:
        runs = min(told.slice, options.runs - done)
        try:
            machine.tell(seed=options.seed + done, runs=runs, steps=options.steps)
        except AssertionError as error:
            fault = str(error)
            break
        done += runs
        print(
            f"{done} of {options.runs} runs agree, {time.monotonic() - started:.0f} s", flush=True
        )
    asked = proofs.prove(more=wiring.PROOFS)
    broken = [proof.name for proof in asked if not proof.holds]
    refusals = {name: times for name, times in machine.fired.items() if name.startswith("no: ")}
    figures = {
        "seed": options.seed,
        "runs": done,
        "deeds in a run, at most": options.steps,
        "deeds told to both banks": f"{sum(machine.fired.values()):,}",
        "of them refused, by both": f"{sum(refusals.values()):,}",
        **{f"rule {name}": f"{times:,}" for name, times in sorted(machine.fired.items())},
        **{f"books: {what}": f"{number:,}" for what, number in proofs.figures().items()},
        "disagreements": fault or "0",
        "proofs": f"{len(asked)} asked, broken: {', '.join(broken) or 'none'}",
        "digest": proofs.digest(),
    }
    words = told.words + (
        f"Repeat it with `./bank drill model --of {options.of} --seed {options.seed} "
        f"--runs {done} --steps {options.steps}`."
    )
    name = "model" if options.of == "books" else f"model-{options.of}"
    path = record.write(name, began=began, ended=datetime.now(UTC), figures=figures, words=words)
    print(f"The record is {path}")
    return 1 if fault or broken else 0


if __name__ == "__main__":
    sys.exit(main())
