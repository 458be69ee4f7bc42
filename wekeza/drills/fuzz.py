"""
./bank drill fuzz: the whole API asked by a machine, by every kind of principal, for long.

The same as in the tests (wekeza/tests/api/fuzzing.py), with more examples and a seed of its own.
"""

import argparse
import os
import secrets
import sys
import time
from collections import Counter
from datetime import UTC, datetime


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank drill fuzz", description=__doc__.split("\n")[1])
    asked.add_argument("--examples", type=int, default=200, help="of each operation, kind and mode")
    asked.add_argument("--minutes", type=float, default=60, help="stop after this long")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    options = asked.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "wekeza.settings_test"
    import django

    django.setup()
    import psycopg
    from django.conf import settings
    from django.db import connection

    from wekeza.tests.databases import TestCluster

    settings.API_PER_MINUTE = dict.fromkeys(settings.API_PER_MINUTE, 10**9)
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    cluster = TestCluster(settings.BANK_DATA)
    cluster.join()
    name = cluster.clone("fuzz")
    connection.settings_dict["NAME"] = name
    try:
        with psycopg.connect(cluster.url("owner", name), autocommit=True) as owner:
            owner.execute("UPDATE ledger_bankfact SET is_demo = true")  # Apps try out there.
        return run(options)
    finally:
        connection.close()
        cluster.drop(name)
        cluster.leave()


def run(options: argparse.Namespace) -> int:
    """This will ask every operation by every kind, prove the bank, and write the record."""
    from ledger.proofs import queries as proofs
    from wekeza import wiring
    from wekeza.drills import record
    from wekeza.tests.api import fuzzing

    began, started = datetime.now(UTC), time.monotonic()
    asked, statuses, faults, done = Counter(), Counter(), [], 0
    plans = [
        (operation, kind)
        for operation in fuzzing.operations()
        if operation.path not in fuzzing.ENDS_ITSELF
        for kind in ("customer", "partner", "staff", "login", "nobody", "revoked")
    ]
    for operation, kind in plans:
        if time.monotonic() - started > options.minutes * 60:
            break
        faults += _asked_by(operation, kind, options, asked, statuses)
        done += 1
        if done % 20 == 0:
            took = time.monotonic() - started
            print(f"{done} of {len(plans)}, {asked.total():,} requests, {took:.0f} s", flush=True)
    held = proofs.prove(more=wiring.PROOFS)
    broken = [proof.name for proof in held if not proof.holds]
    figures = {
        "seed": options.seed,
        "examples of each operation, kind and mode, at most": options.examples,
        "operations times kinds of principal": f"{done} of {len(plans)}",
        "requests": f"{asked.total():,}",
        **{f"requests by {kind}": f"{number:,}" for kind, number in sorted(asked.items())},
        **{f"answers {status}": f"{number:,}" for status, number in sorted(statuses.items())},
        "faults": "; ".join(faults) or "0",
        "proofs of the books": f"{len(held)} asked, broken: {', '.join(broken) or 'none'}",
    }
    words = (
        "Schemathesis made requests up out of the OpenAPI description, sound ones and wrong ones, "
        "and sent them as six kinds of principal. Every answer had to be below 500, of a status "
        "that the description names for the operation, and in the envelope with a described code. "
        f"Repeat it with `./bank drill fuzz --seed {options.seed} --examples {options.examples}`."
    )
    path = record.write("fuzz", began=began, ended=datetime.now(UTC), figures=figures, words=words)
    print(f"The record is {path}")
    return 1 if faults or broken else 0


def _asked_by(operation, kind: str, options, asked: Counter, statuses: Counter) -> list[str]:
    """Ask one operation as one kind of principal, soundly and wrongly; give what was wrong."""
    from contextlib import suppress

    from django.core.cache import cache
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.generation import GenerationMode

    from wekeza.tests.api import fuzzing, principals

    made = {"nobody": principals.nobody, "revoked": principals.revoked} | fuzzing.OF_KIND
    cache.clear()
    program, faults = made[kind]().program, []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @seed(options.seed)
        @settings(
            max_examples=options.examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def one(case):
            cache.clear()
            answer = fuzzing.ask(program, case)
            asked[kind] += 1
            statuses[answer.status_code] += 1
            fuzzing.judge(answer, operation)

        try:
            with suppress(Unsatisfiable):
                one()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding.
            faults.append(f"{kind} {operation.label}: {str(error)[:300]}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
