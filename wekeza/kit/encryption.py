"""
The key ring: AES-256-GCM for fields and files, HMAC-SHA-256 for exact search over fields.

Keys come from WEKEZA_KEYS, "id:base64 of 32 bytes" separated by commas; the first encrypts, all
decrypt, and one that seals nothing any more may go. Search goes by WEKEZA_INDEX_KEY, which stays
for ever. None is derived from SECRET_KEY (X15). A value carries its key's id and is bound to
its column, so that a value copied into another column does not open; a file likewise to its record.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

NONCE_BYTES = 12
SEAL = b"WKZ1"  # What a sealed file begins with; then its key's id, and the nonce.


class Undecipherable(Exception):
    """A stored value does not open: damaged, moved from another column, or its key is gone."""


@lru_cache(maxsize=8)
def _ring(text: str) -> dict[str, bytes]:
    keys = {}
    for part in text.split(","):
        key_id, _, secret = part.strip().partition(":")
        key = base64.b64decode(secret, validate=True)
        if not key_id or len(key) != 32:
            raise ValueError("WEKEZA_KEYS holds id:base64 of 32 bytes, separated by commas")
        keys[key_id] = key
    return keys


def newest_key_id() -> str:
    """This will give the id of the key that encrypts now: the ring's first."""
    return next(iter(_ring(settings.WEKEZA_KEYS)))


def encrypt(text: str, *, context: str) -> str:
    """This will encrypt a text for one column (`context`) with the ring's first key."""
    key_id, key = next(iter(_ring(settings.WEKEZA_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_derived(key, "field")).encrypt(
        nonce, text.encode(), f"{context}|{key_id}".encode()
    )
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(value: str, *, context: str) -> str:
    """
    This will open what `encrypt` closed for the same column.

    :raises Undecipherable: if it does not open.
    """
    key_id, _, body = value.partition(":")
    key = _ring(settings.WEKEZA_KEYS).get(key_id)
    if key is None:
        raise Undecipherable(f"no key {key_id!r} in the ring")
    try:
        sealed = base64.b64decode(body, validate=True)
        opened = AESGCM(_derived(key, "field")).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{context}|{key_id}".encode()
        )
    except (InvalidTag, ValueError) as error:
        raise Undecipherable(context) from error
    return opened.decode()


def seal(content: bytes, *, context: str) -> bytes:
    """
    This will encrypt a whole file for one record (`context`) with the ring's first key. One tag
    stands for all of it: a byte changed, cut off or added, or another record's file, does not open.
    """
    key_id, key = next(iter(_ring(settings.WEKEZA_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    head = SEAL + bytes([len(key_id.encode())]) + key_id.encode()
    bound = head + context.encode()
    return head + nonce + AESGCM(_derived(key, "file")).encrypt(nonce, content, bound)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """
    This will open what `seal` closed for the same record.

    :raises Undecipherable: if it does not open.
    """
    start = len(SEAL) + 1
    if sealed[: len(SEAL)] != SEAL or len(sealed) < start:
        raise Undecipherable(f"{context}: no sealed file")
    end = start + sealed[start - 1]
    key = _ring(settings.WEKEZA_KEYS).get(sealed[start:end].decode("utf-8", "replace"))
    if key is None:
        raise Undecipherable(f"{context}: its key is not in the ring")
    nonce, body = sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
    try:
        return AESGCM(_derived(key, "file")).decrypt(nonce, body, sealed[:end] + context.encode())
    except (InvalidTag, ValueError) as error:
        raise Undecipherable(context) from error


def blind_index(text: str, *, context: str) -> str:
    """
    This will give the keyed hash under which an encrypted value can be found exactly. Its key,
    WEKEZA_INDEX_KEY, is none of the ring's: with another one nobody would be found any more.
    """
    key = _index_key(settings.WEKEZA_INDEX_KEY)
    return hmac.new(_derived(key, f"index|{context}"), text.encode(), hashlib.sha256).hexdigest()


def index_canary() -> str:
    """This will give what a bank keeps of its index key, to know it again at its next start."""
    return blind_index("wekeza", context="bank.canary")


def signing_key(key_id: str, *, purpose: str) -> bytes:
    """
    This will give 32 bytes for signing (HS256), derived from one key of the ring for one purpose.

    :raises Undecipherable: if the ring has no such key.
    """
    key = _ring(settings.WEKEZA_KEYS).get(key_id)
    if key is None:
        raise Undecipherable(f"no key {key_id!r} in the ring")
    return _derived(key, f"sign|{purpose}")


@lru_cache(maxsize=8)
def _index_key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("WEKEZA_INDEX_KEY is base64 of 32 bytes")
    return key


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"wekeza {purpose}".encode()).derive(key)


class EncryptedTextField(models.TextField):
    """A text that is plain in Python and AES-256-GCM in the database. Empty stays empty."""

    def __init__(self, *args, context: str, **kwargs):
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"context": self.context}

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value, context=self.context) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value, context=self.context) if value else value
