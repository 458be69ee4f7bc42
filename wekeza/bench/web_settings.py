"""Settings of the pages that are measured: the bank's own, and an address that does nothing."""

from wekeza.runtime import env
from wekeza.settings import *  # noqa: F403

ROOT_URLCONF = "wekeza.bench.urls"
FRAGMENT_SECONDS = env.number("BENCH_FRAGMENT_SECONDS", 15 * 60)
