"""
./bank drill logins: guessing passwords for long, and whether the clock tells who is a customer.

Ten thousand guesses at a handful of accounts from as many addresses: how many were looked at? Then
wrong passwords for known and for unknown people in random order, with the real Argon2id: is the
difference of the two means more than chance (Welch's t, goal G14: below 4.5)?
"""

import argparse
import logging
import math
import os
import random
import secrets
import statistics
import sys
import time
from datetime import UTC, datetime

MOST_T = 4.5
TRIES_OF_ONE = 4  # So that no known person is ever locked while the clock runs.


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank drill logins", description=__doc__.split("\n")[1])
    asked.add_argument("--guesses", type=int, default=10_000)
    asked.add_argument("--accounts", type=int, default=10, help="that are guessed at")
    asked.add_argument("--timed", type=int, default=1000, help="tries of each kind")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    options = asked.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "wekeza.settings_test"
    logging.disable(logging.WARNING)  # Each refused form would be a line.
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import override_settings, setup_test_environment

    from wekeza import settings as real
    from wekeza.tests.databases import TestCluster

    setup_test_environment()
    cluster = TestCluster(settings.BANK_DATA)
    cluster.join()
    name = cluster.clone("drill")
    connection.settings_dict["NAME"] = name
    try:
        with override_settings(PASSWORD_HASHERS=real.PASSWORD_HASHERS):
            return run(options)
    finally:
        connection.close()
        cluster.drop(name)
        cluster.leave()


def run(options: argparse.Namespace) -> int:
    """This will guess, time, end a session, and write the record."""
    from wekeza.drills import record

    began, dice = datetime.now(UTC), random.Random(options.seed)  # noqa: S311 - a drill.
    live, blocked, most = guess(options)
    print(f"{options.guesses} guesses: {live} looked at, {blocked} not", flush=True)
    known, unknown = timed(options, dice)
    t = welch(known, unknown)
    gone = revoked_after()
    holds = abs(t) < MOST_T and most <= 5 and gone <= 1
    figures = {
        "seed": options.seed,
        "guesses": f"{options.guesses:,} at {options.accounts} accounts, each from another address",
        "looked at": live,
        "looked at, at most for one account in 15 minutes": most,
        "not looked at": f"{blocked:,}",
        "timed tries": f"2 × {options.timed:,}, in random order",
        "mean of known people": _ms(statistics.fmean(known)),
        "mean of unknown people": _ms(statistics.fmean(unknown)),
        "median of known people": _ms(statistics.median(known)),
        "median of unknown people": _ms(statistics.median(unknown)),
        "Welch's t": f"{t:.2f} (goal: below {MOST_T})",
        "an ended session was refused after": _ms(gone),
        "holds": "yes" if holds else "NO",
    }
    words = (
        "The login page, asked in one process with real Argon2id hashes and as the application "
        "role. It speaks for SE26 and goal G14. Repeat it with `./bank drill logins "
        f"--seed {options.seed} --guesses {options.guesses} --timed {options.timed}`."
    )
    path = record.write(
        "logins", began=began, ended=datetime.now(UTC), figures=figures, words=words
    )
    for what, figure in figures.items():
        print(f"{what}: {figure}")
    print(f"The record is {path}")
    return 0 if holds else 1


def guess(options) -> tuple[int, int, int]:
    """This will guess at accounts and give tries that were looked at, were not, and the most."""
    from accounts.access.models import LoginEvent

    people = _people(options.accounts, kind="target")
    for turn in range(options.guesses):
        _try(people[turn % len(people)], turn)
    events = LoginEvent.objects.filter(user__email__in=people)
    live = events.filter(result="REFUSED")
    most = max(_most_in_a_span(live.filter(user__email=person)) for person in people)
    return live.count(), events.filter(result="BLOCKED").count(), most


def _most_in_a_span(tries) -> int:
    """The drill may take longer than the fifteen minutes after which a login has tries again."""
    from accounts.access import policy

    moments = sorted(tries.values_list("created_at", flat=True))
    return max(
        (sum(first <= at < first + policy.LOGIN_SPAN for at in moments) for first in moments),
        default=0,
    )


def timed(options, dice) -> tuple[list[float], list[float]]:
    """This will give the seconds of wrong passwords for known and for unknown people."""
    known = _people(math.ceil(options.timed / TRIES_OF_ONE), kind="known") * TRIES_OF_ONE
    strangers = [f"stranger{turn}@example.com" for turn in range(len(known) // TRIES_OF_ONE)]
    tries = [(person, True) for person in known[: options.timed]]
    tries += [(person, False) for person in (strangers * TRIES_OF_ONE)[: options.timed]]
    for turn in range(20):
        _try(f"warm{turn}@example.com", turn)
    dice.shuffle(tries)
    seconds = {True: [], False: []}
    for turn, (person, is_known) in enumerate(tries):
        seconds[is_known].append(_try(person, turn))
    return seconds[True], seconds[False]


def revoked_after() -> float:
    """This will give the seconds between the end of a session and the first page it is refused."""
    from django.test import Client
    from django.utils import timezone

    from accounts.access import sessions
    from accounts.factories import CustomerFactory
    from wekeza.kit.actor import SYSTEM

    user, browser = CustomerFactory().user, Client()
    browser.force_login(user)
    if browser.get("/settings/").status_code != 200:
        raise RuntimeError("the session never was open")
    began = time.perf_counter()
    sessions.end_others(user, why=sessions.Ended.BANK, at=timezone.now(), actor=SYSTEM)
    while browser.get("/settings/").status_code == 200:
        if time.perf_counter() - began > 10:
            break
    return time.perf_counter() - began


def welch(first: list[float], second: list[float]) -> float:
    """This will give Welch's t of two samples."""
    spread = statistics.variance(first) / len(first) + statistics.variance(second) / len(second)
    return (statistics.fmean(first) - statistics.fmean(second)) / math.sqrt(spread)


def _people(number: int, *, kind: str) -> list[str]:
    """Logins with one real hash: making a thousand of them is not what is measured."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from accounts.access.models import User

    password = make_password(secrets.token_urlsafe())
    emails = [f"{kind}{turn}@example.com" for turn in range(number)]
    users = User.objects.bulk_create([User(email=email, password=password) for email in emails])
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users]
    )
    return emails


def _try(person: str, turn: int) -> float:
    from django.test import Client

    address = f"10.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}"
    browser, typed = Client(REMOTE_ADDR=address), {"login": person, "password": "no such lake"}
    began = time.perf_counter()
    answer = browser.post("/login/", typed)
    took = time.perf_counter() - began
    if answer.status_code != 422:
        raise RuntimeError(f"a wrong password answered {answer.status_code}")
    return took


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
