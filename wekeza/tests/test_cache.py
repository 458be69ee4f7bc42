import pytest
from django.core.cache import caches
from django.core.cache.backends.base import InvalidCacheBackendError

from wekeza.kit.cache import SoftRedisCache
from wekeza.runtime import env
from wekeza.runtime.devbroker import DevBroker


def cache_on(broker):
    return SoftRedisCache(env.redis_urls(broker.url)[1], {})


class TestSoftRedisCache:
    @pytest.mark.proves("OP35")
    def test_keeps_and_counts_things(self, valkey):
        cache = cache_on(valkey)

        cache.set("balance-shown", "1,500.00", 60)

        assert cache.get("balance-shown") == "1,500.00"
        assert cache.add("once", 1) and not cache.add("once", 1)
        assert cache.incr("once") == 2
        assert cache.get_or_set("later", lambda: 7) == 7

    def test_without_its_server_every_read_is_a_miss_and_nothing_breaks(self, tmp_path):
        cache = cache_on(DevBroker(tmp_path))

        cache.set("a", 1)
        cache.set_many({"b": 2})

        assert cache.get("a") is None
        assert cache.get("a", "default") == "default"
        assert cache.get_many(["a", "b"]) == {}
        assert cache.add("lock", 1) is False, "nobody may hold a lock that nobody keeps"
        assert "a" not in cache
        with pytest.raises(ValueError, match="not found"):
            cache.incr("a")

    def test_finds_its_server_again(self, tmp_path, monkeypatch):
        monkeypatch.setattr("wekeza.kit.cache.REST_SECONDS", 0)
        broker = DevBroker(tmp_path)
        cache = cache_on(broker)
        cache.set("a", 1)

        broker.start()
        try:
            cache.set("a", 2)
            assert cache.get("a") == 2
        finally:
            broker.stop()

    def test_is_the_cache_of_the_real_settings(self, settings):
        from wekeza import settings as real

        settings.CACHES = real.CACHES
        try:
            backend = caches.create_connection("default")
        except InvalidCacheBackendError:
            backend = None

        assert isinstance(backend, SoftRedisCache)
