"""
Sessions of browsers, in the database and in the cache as Django keeps them, but sealed: they hold
phones, addresses and keys of people who are in the middle of something. A row is found by a keyed
hash of the cookie, so that whoever reads the tables or the cache can neither read nor ride one.

A key that leaves the ring (WEKEZA_KEYS) ends the sessions it sealed; they last a day at most.
"""

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.utils import timezone

from wekeza.kit.encryption import Undecipherable, blind_index, decrypt, encrypt

PLACE_SIGNS = 40  # What Django's column holds: 160 bits.


class SessionStore(CachedStore):
    """Django's sessions with the content sealed and the key hashed, wherever they lie."""

    def __init__(self, session_key=None):
        super().__init__(session_key)
        self._cache = _SealedCache(self._cache, self)

    def encode(self, session_dict):
        return encrypt(super().encode(session_dict), context=self._context)

    def decode(self, session_data):
        try:
            return super().decode(decrypt(session_data, context=self._context))
        except Undecipherable:
            return {}  # Of another row, or of a key that is gone: nobody is signed in by it.

    def exists(self, session_key):
        is_cached = self.cache_key_prefix + (session_key or "") in self._cache
        return is_cached or _rows(self, session_key).exists()

    def create_model_instance(self, data):
        place = place_of(self._get_or_create_session_key())
        expires = self.get_expiry_date()
        return self.model(session_key=place, session_data=self.encode(data), expire_date=expires)

    def delete(self, session_key=None):
        key = session_key or self.session_key
        if key:
            _rows(self, key).delete()
            self._cache.delete(self.cache_key_prefix + key)

    def _get_session_from_db(self):
        row = _rows(self, self.session_key).filter(expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    @property
    def _context(self) -> str:
        return f"session|{place_of(self.session_key)}"


class _SealedCache:
    """The cache as the store asks it, by hashed keys and for sealed content."""

    def __init__(self, cache, store: SessionStore):
        self._cache, self._store = cache, store

    def get(self, key):
        sealed = self._cache.get(place_of(key))
        return (self._store.decode(sealed) or None) if sealed else None

    def set(self, key, data, seconds):
        self._cache.set(place_of(key), self._store.encode(data), seconds)

    def delete(self, key):
        self._cache.delete(place_of(key))

    def __contains__(self, key):
        return place_of(key) in self._cache


def _rows(store: SessionStore, session_key: str):
    return store.model.objects.filter(session_key=place_of(session_key))


def place_of(key: str | None) -> str:
    """This will give the place at which a session lies, in the table and in the cache."""
    return blind_index(key or "", context="session")[:PLACE_SIGNS]
