"""
A cache that may die: then every read is a miss and every write is forgotten, and pages go on.

Nothing is decided on it: money, limits and sign-in states live in the database.
"""

import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

REST_SECONDS = 2  # After a failure the cache is left alone so long, so that no page waits for it.
TIMEOUTS = {"socket_connect_timeout": 0.25, "socket_timeout": 0.5}


def _softly(method: str, answer):
    """Make the backend's method answer `answer(*args)` when the server cannot be reached."""

    def call(self, *args, **kwargs):
        if time.monotonic() < self.rests_until:
            return answer(self, *args, **kwargs)
        try:
            return getattr(super(SoftRedisCache, self), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            self.rests_until = time.monotonic() + REST_SECONDS
            log.warning("cache unreachable, going on without it: %s", error)
            return answer(self, *args, **kwargs)

    call.__name__ = method
    return call


def _nothing(self, *args, **kwargs):
    return None


def _no(self, *args, **kwargs):
    return False


def _default(self, key, default=None, version=None):
    return default


def _missing(self, key, *args, **kwargs):
    raise ValueError(f"Key '{key}' not found")


class SoftRedisCache(RedisCache):
    """
    Redis or Valkey behind Django's cache, without its failures.

    `add` answers False when the server is away: "I could not be the one to remember it", so that
    a lock or a once-only mark made of it is refused, not granted twice.
    """

    def __init__(self, server, params):
        params = params | {"OPTIONS": TIMEOUTS | params.get("OPTIONS", {})}
        super().__init__(server, params)
        self.rests_until = 0.0

    add = _softly("add", _no)
    get = _softly("get", _default)
    set = _softly("set", _nothing)
    touch = _softly("touch", _no)
    delete = _softly("delete", _no)
    get_many = _softly("get_many", lambda self, keys, version=None: {})
    has_key = _softly("has_key", _no)
    incr = _softly("incr", _missing)
    set_many = _softly("set_many", lambda self, data, *args, **kwargs: list(data))
    delete_many = _softly("delete_many", _nothing)
    clear = _softly("clear", _no)
