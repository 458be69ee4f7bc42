"""The same books when they are large: `./bank bench ledger --grow 10`."""

import sys
from statistics import median

from wekeza.bench.crew import Crew
from wekeza.bench.server import BenchServer
from wekeza.runtime import env

SLICES = 5
FILL_SECONDS = 10
# Millions of postings, and what is measured when the books hold so many.
STAGES = ((0.1, ("post",)), (1.0, ("last_ten",)))


def measure(server: BenchServer, crew: Crew, options) -> dict:
    """
    This will fill the books by batches to 0.1, 1 and `options.grow` million postings, and give
    how fast single postings by 8 clients are at the first and last, and the time of an account's
    last ten postings by one client at the second and last. It begins where the rounds ended.
    """
    found = {}
    for millions, workloads in (*STAGES, (options.grow, ("post", "last_ten"))):
        postings = fill(server, crew, millions=millions)
        for name in workloads:
            slices = [
                crew.work(name, clients=8 if name == "post" else 1, seconds=options.seconds)
                for _ in range(SLICES)
            ]
            found.setdefault(name, []).append(
                {
                    "postings": postings,
                    "per_second": round(median(one.rate for one in slices)),
                    "slices": [round(one.rate) for one in slices],
                }
            )
    (few, many), (fewer, more) = found["post"], found["last_ten"]
    return {
        "ratios": {
            "post_10m_vs_100k": round(many["per_second"] / few["per_second"], 2),
            "last_ten_10m_vs_1m": round(fewer["per_second"] / more["per_second"], 2),
        },
        **found,
    }


def fill(server: BenchServer, crew: Crew, *, millions: float) -> int:
    """This will post batches until the books hold so many postings, and give their number."""
    while (postings := count(server)) < millions * 1e6:
        print(f"  {postings:,} postings …", file=sys.stderr, flush=True)
        crew.work("batch", clients=2, seconds=FILL_SECONDS)
    server.say("VACUUM ANALYZE ledger_posting, ledger_entry, ledger_balance", database=env.DATABASE)
    server.say("CHECKPOINT")
    return postings


def count(server: BenchServer) -> int:
    """This will count the postings, each entry of the bench having its own legs."""
    return int(server.say("SELECT sum(legs) FROM ledger_entry", database=env.DATABASE)[0][0])
