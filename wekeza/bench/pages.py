"""
./bank bench pages [--json]: how long the bank's pages take on the server, and what they weigh.

It reads the pages of a demo customer in the bank of the data folder, whole, through every
middleware, without a network. The mission asks for less than 2 seconds (PF01), ux.md for 200 ms.
Then 100 connections that stay open read home from the web server, against a page that does nothing
behind the same middleware, for the same people signed in (PF02): with its pieces made anew each
time, and with them kept until the account's sequence rises.
"""

import argparse
import json
import os
import statistics
import sys
import time

from wekeza.bench import visits
from wekeza.bench.figures import Slice, percentile, ratio
from wekeza.runtime import servers

PAGES = [
    "/",
    "/move/",
    "/move/transfers/send/",
    "/move/topups/start/",
    "/save/",
    "/view/",
    "/view/transactions/",
    "/view/statement/",
    "/settings/",
]


def main() -> int:
    asked = argparse.ArgumentParser(prog="./bank bench pages", description=__doc__)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--times", type=int, default=30)
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wekeza.settings")
    with servers.running():
        import django

        django.setup()
        try:
            pages, cookies = measure(options.times), people()
        finally:
            from django.db import connections

            connections.close_all()
    figures = {"pages": pages, "home_queries": pages["/"]["queries"]} | crowd(cookies)
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        tell(figures)
    return 0


def tell(figures: dict) -> None:
    """This will print the figures as tables."""
    print(f"{'page':28}{'median ms':>10}{'p95 ms':>9}{'queries':>9}{'KB':>7}")
    for path, page in figures["pages"].items():
        print(
            f"{path:28}{page['median_ms']:10.1f}{page['p95_ms']:9.1f}{page['queries']:9}"
            f"{page['html_kb']:7.1f}"
        )
    print(f"\n{'100 connections':28}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'failed':>7}")
    for name, found in figures["crowd"].items():
        print(
            f"{name:28}{found['per_second']:10.0f}{found['p50_ms']:9.1f}{found['p99_ms']:9.1f}"
            f"{found['failed']:7}"
        )
    for name in ("home_vs_hello", "home_cached_vs_hello", "home_queries"):
        print(f"{name:28}{figures[name]:10}")


def crowd(cookies: list[str]) -> dict:
    """
    This will read hello, home made anew and home with kept pieces in turn, and give the rates and
    the medians of the rounds' ratios.
    """
    slices: dict[str, list[Slice]] = {"hello": [], "home": [], "home, pieces kept": []}
    with (
        visits.web_server(keeps_pieces=False) as anew,
        visits.web_server(keeps_pieces=True) as keeping,
    ):
        asked = [(anew, "/bench/hello/"), (anew, "/"), (keeping, "/")]
        for port, path in asked:
            visits.visit(port, path, cookies, seconds=2)  # Warm.
        for _ in range(visits.ROUNDS):
            for (port, path), found in zip(asked, slices.values(), strict=True):
                found.append(visits.visit(port, path, cookies))
    hello, home, kept = slices.values()
    return {
        "crowd": {name: _summary(found) for name, found in slices.items()},
        "home_vs_hello": ratio(home, hello),
        "home_cached_vs_hello": ratio(kept, hello),
    }


def _summary(slices: list[Slice]) -> dict:
    latencies = sorted(each for one in slices for each in one.latencies)
    return {
        "per_second": statistics.median(one.rate for one in slices),
        "p50_ms": percentile(latencies, 50) / 1000,
        "p99_ms": percentile(latencies, 99) / 1000,
        "failed": sum(one.failed for one in slices),
    }


def people(most: int = 60) -> list[str]:
    """This will sign customers in, each in a session of their own, and give their cookies."""
    from django.test import Client

    from accounts.customers.models import Customer

    cookies = []
    for customer in Customer.objects.select_related("user").order_by("pk")[:most]:
        client = Client(headers={"host": "localhost"})
        client.force_login(customer.user)
        client.get("/")
        cookies.append("; ".join(f"{name}={one.value}" for name, one in client.cookies.items()))
    return cookies


def measure(times: int) -> dict[str, dict]:
    """This will read each page so many times as the customer with the most postings."""
    from django.db import connection
    from django.db.models import Count
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import DepositAccount

    busiest = (
        DepositAccount.objects.annotate(postings=Count("ledger_account__postings"))
        .select_related("customer__user")
        .order_by("-postings")
        .first()
    )
    if busiest is None:
        sys.exit("This bank has no customers. Run ./bank run once: it makes a demo bank.")
    client = Client(headers={"host": "localhost"})
    client.force_login(busiest.customer.user)
    figures = {}
    for path in PAGES:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        queries = len(captured)  # The next request forgets them.
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
        took = sorted(_seconds(client, path) for _ in range(times))
        figures[path] = {
            "median_ms": statistics.median(took) * 1000,
            "p95_ms": took[int(len(took) * 0.95)] * 1000,
            "queries": queries,
            "html_kb": len(answer.content) / 1024,
        }
    return figures


def _seconds(client, path: str) -> float:
    started = time.perf_counter()
    client.get(path)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
