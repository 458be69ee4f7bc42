"""Settings of the pages that are measured: the bank's own, and an address that does nothing."""

import os

from wekeza.settings import *  # noqa: F403

ROOT_URLCONF = "wekeza.bench.urls"
FRAGMENT_SECONDS = int(os.environ["BENCH_FRAGMENT_SECONDS"])
