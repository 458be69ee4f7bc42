"""
How often somebody may ask: so many times a minute for each principal, or for each address where
nobody is signed in. The count stands in the shared cache; while that is away, each process counts
for itself, so that a dead cache opens nothing.
"""

import threading
import time

from django.conf import settings
from django.core.cache import cache

from wekeza.kit.problems import TooManyRequests

WINDOW_SECONDS = 60
MOST_LOCAL = 50_000

_local: dict[str, int] = {}
_lock = threading.Lock()


def take(kind: str, who: str, *, most: int | None = None) -> None:
    """
    This will count one request of `who` against the quota of a kind (settings.API_PER_MINUTE), or
    against `most`.

    :raises TooManyRequests: if this minute's quota is used up; says when the next one begins.
    """
    limit = settings.API_PER_MINUTE[kind] if most is None else most
    now = time.time()
    window = int(now // WINDOW_SECONDS)
    if _count(f"api:{kind}:{who}:{window}") > limit:
        left = int((window + 1) * WINDOW_SECONDS - now) + 1
        raise TooManyRequests(retry_after=left)


def _count(key: str) -> int:
    cache.add(key, 0, WINDOW_SECONDS * 2)
    try:
        return cache.incr(key)
    except ValueError:  # The cache is away (wekeza.kit.cache): nothing was added, nothing counts.
        return _count_here(key)


def _count_here(key: str) -> int:
    with _lock:
        if len(_local) >= MOST_LOCAL:
            _local.clear()
        _local[key] = _local.get(key, 0) + 1
        return _local[key]
