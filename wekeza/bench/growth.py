"""The same books when they are large: `./bank bench ledger --grow 10`."""

import sys
from statistics import median

from wekeza.bench.crew import Crew
from wekeza.bench.server import BenchServer
from wekeza.runtime import env

SLICES = 5
FILL_SECONDS = 10
# Millions of postings, and what is measured when the books hold so many, before the rounds.
SMALL = ((0.1, "post"), (1.0, "last_ten"))


class Growth:
    """Single postings by 8 clients, and an account's last ten by one, in small books and large."""

    def __init__(self, server: BenchServer, crew: Crew, options):
        self.server, self.crew, self.options = server, crew, options
        self.found: dict[str, list[dict]] = {"post": [], "last_ten": []}

    def measure_small(self) -> None:
        """This will fill the books by batches to 0.1 and 1 million postings and measure there."""
        for millions, name in SMALL:
            self._measure(name, postings=self._fill(millions))

    def measure_large(self) -> dict:
        """This will fill them to `options.grow` million and give both, and their ratios."""
        postings = self._fill(self.options.grow)
        for name in self.found:
            self._measure(name, postings=postings)
        (few, many), (fewer, more) = self.found["post"], self.found["last_ten"]
        return {
            "ratios": {
                "post_10m_vs_100k": round(many["per_second"] / few["per_second"], 2),
                "last_ten_10m_vs_1m": round(fewer["per_second"] / more["per_second"], 2),
            },
            **self.found,
        }

    def _measure(self, name: str, *, postings: int) -> None:
        clients = 8 if name == "post" else 1
        slices = [
            self.crew.work(name, clients=clients, seconds=self.options.seconds)
            for _ in range(1 + SLICES)
        ][1:]  # The first one warms up: after a checkpoint every page is written whole once.
        self.found[name].append(
            {
                "postings": postings,
                "per_second": round(median(one.rate for one in slices)),
                "slices": [round(one.rate) for one in slices],
            }
        )

    def _fill(self, millions: float) -> int:
        """Post batches until the books hold so many postings, and give their number."""
        while (postings := self._count()) < millions * 1e6:
            print(f"  {postings:,} postings …", file=sys.stderr, flush=True)
            left = millions * 1e6 - postings
            self.crew.work("batch", clients=2, seconds=FILL_SECONDS if left > 1e6 else 1)
        tables = "ledger_posting, ledger_entry, ledger_balance"
        self.server.say(f"VACUUM ANALYZE {tables}", database=env.DATABASE)
        self.server.say("CHECKPOINT")
        return postings

    def _count(self) -> int:
        """Each entry of the bench has its own legs."""
        total = "SELECT coalesce(sum(legs), 0) FROM ledger_entry"
        return int(self.server.say(total, database=env.DATABASE)[0][0])
