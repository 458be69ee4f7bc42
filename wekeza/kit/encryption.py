"""
The key ring: AES-256-GCM for fields and files, HMAC-SHA-256 for exact search over fields.

Keys come from WEKEZA_KEYS, "id:base64 of 32 bytes" separated by commas; the first encrypts, all
decrypt, and one that seals nothing any more may go. Search goes by WEKEZA_INDEX_KEY, which stays
for ever. None is derived from SECRET_KEY (X15). A value carries its key's id and is bound to its
column and its row, so that one copied into another does not open; a file likewise.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

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


def key_ids() -> list[str]:
    """This will give the ids of all keys of the ring, the newest first."""
    return list(_ring(settings.WEKEZA_KEYS))


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


class Sealed(str):
    """A text as it lies in the database; it opens only with its row."""

    __slots__ = ()


class _Opened(DeferredAttribute):
    """Opens a value of a row when somebody asks for it."""

    def __get__(self, row, owner=None):
        value = super().__get__(row, owner)
        if isinstance(value, Sealed):
            value = row.__dict__[self.field.attname] = self.field.open(value, row)
        return value

    def __set__(self, row, value):
        row.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """
    A text that is plain in Python and AES-256-GCM in the database. Empty stays empty.

    `bound_to` names the columns that are sealed in with it: a value copied into another row, or one
    whose row was changed in them, does not open. So it is written by saving its row, never by
    `update`, and `values` gives it sealed.
    """

    descriptor_class = _Opened

    def __init__(self, *args, context: str, bound_to: tuple[str, ...], **kwargs):
        self.context, self.bound_to = context, tuple(bound_to)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"context": self.context, "bound_to": self.bound_to}

    def seal(self, text: str, row) -> Sealed:
        """This will seal a text for one row with the ring's first key."""
        return Sealed(encrypt(text, context=self._context_of(row)))

    def open(self, value: Sealed, row) -> str:
        """
        This will open a value of one row.

        :raises Undecipherable: if it was changed, moved from elsewhere, or its key is gone.
        """
        return decrypt(value, context=self._context_of(row))

    def lying_in(self, row) -> Sealed:
        """This will give a value as it lies in the row's table, if nobody has opened it yet."""
        return row.__dict__[self.attname]

    def pre_save(self, model_instance, add):
        text = super().pre_save(model_instance, add)
        return self.seal(text, model_instance) if text else text

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if value and not isinstance(value, Sealed):
            raise TypeError(f"{self.context} is sealed with its row: save the row")
        return str(value) if value else value

    def from_db_value(self, value, expression, connection):
        return Sealed(value) if value else value

    def _context_of(self, row) -> str:
        return "|".join([self.context, *(str(getattr(row, name)) for name in self.bound_to)])


def sign(text: str, *, purpose: str) -> dict[str, str]:
    """
    This will sign a text for one purpose (Ed25519) with a key derived from the ring's first, and
    give the key's id, the public key and the signature, both in Base64.
    """
    key_id, key = next(iter(_ring(settings.WEKEZA_KEYS).items()))
    signer = Ed25519PrivateKey.from_private_bytes(_derived(key, f"sign {purpose}"))
    public = signer.public_key().public_bytes_raw()
    return {
        "key_id": key_id,
        "public_key": base64.b64encode(public).decode(),
        "signature": base64.b64encode(signer.sign(text.encode())).decode(),
    }
