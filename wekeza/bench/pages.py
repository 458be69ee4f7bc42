"""
./bank bench pages [--json]: how long the bank's pages take on the server, and what they weigh.

It reads the pages of a demo customer in the bank of the data folder, whole, through every
middleware, without a network. The mission asks for less than 2 seconds (PF01), ux.md for 200 ms.
"""

import argparse
import json
import os
import statistics
import sys
import time

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
            figures = measure(options.times)
        finally:
            from django.db import connections

            connections.close_all()
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        print(f"{'page':28}{'median ms':>10}{'p95 ms':>9}{'queries':>9}{'KB':>7}")
        for path, page in figures.items():
            print(
                f"{path:28}{page['median_ms']:10.1f}{page['p95_ms']:9.1f}{page['queries']:9}"
                f"{page['html_kb']:7.1f}"
            )
    return 0


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
