"""
Pieces of a page that are kept in the cache, sealed, until what they show has changed.

The key says what a piece was made from: an account's sequence rises with every posting, so nobody
sees a figure of before. A cache that is away, or whose key of the ring is gone, keeps nothing.
"""

import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache

from wekeza.kit.encryption import Undecipherable, decrypt, encrypt


def find(*key: object) -> dict[str, str] | None:
    """This will give the pieces kept under a key; None if none are."""
    name = _name(key)
    sealed = cache.get(name) if settings.FRAGMENT_SECONDS else None
    try:
        return json.loads(decrypt(sealed, context=name)) if sealed else None
    except Undecipherable:
        return None


def keep(pieces: dict[str, str], *key: object) -> dict[str, str]:
    """
    This will keep pieces of HTML by their names for FRAGMENT_SECONDS at most, and give them back.
    `key` must name everything that they depend on but templates and words.
    """
    name = _name(key)
    if settings.FRAGMENT_SECONDS:
        cache.set(name, encrypt(json.dumps(pieces), context=name), settings.FRAGMENT_SECONDS)
    return pieces


def _name(key: tuple) -> str:
    # Another release has other files and icons.
    release = getattr(staticfiles_storage, "manifest_hash", "")
    return ":".join(["piece", release, *map(str, key)])
