"""Settings of a bank under fire: the real ones, a real cache, and no quota in the drill's way."""

from wekeza.bench.settings import *  # noqa: F403
from wekeza.settings import API_PER_MINUTE, CACHES

CACHES = CACHES
API_PER_MINUTE = dict.fromkeys(API_PER_MINUTE, 1_000_000)
