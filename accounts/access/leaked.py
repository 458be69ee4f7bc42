"""
Passwords that have appeared in leaks: a sorted file of truncated SHA-256, asked as it lies.

File: 8 bytes magic, 4 bytes count (big-endian), 65,537 offsets of 4 bytes (where each value of the
first two hash bytes begins), then three more hash bytes a password. Forty bits make one good
password in 750,000 look leaked, which costs its owner another choice and nothing more.
"""

import hashlib
import mmap
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from struct import Struct

FILE = Path(__file__).parent / "data" / "leaked_passwords.bin"
MAGIC = b"WKLEAK1\n"
LEAST_LENGTH = 12  # Shorter ones are refused for their length (decision 26).
BUCKETS = 65_536
TAIL = 3
_COUNT = Struct(">I")
_TABLE = len(MAGIC) + _COUNT.size
_ROWS = _TABLE + (BUCKETS + 1) * _COUNT.size


def is_leaked(password: str) -> bool:
    """This will say whether a password, as typed or in small letters, is on the list."""
    return any(_holds(_hashed(form)) for form in {password, password.lower()})


def count() -> int:
    """This will give the number of passwords on the list."""
    return _number(_opened(), len(MAGIC))


def build(passwords: Iterable[str]) -> bytes:
    """This will make the file's content from passwords of twelve or more characters."""
    hashes = sorted({_hashed(word) for word in passwords if len(word) >= LEAST_LENGTH})
    sizes = [0] * BUCKETS
    for digest in hashes:
        sizes[int.from_bytes(digest[:2])] += 1
    offsets = b"".join(_COUNT.pack(place) for place in accumulate(sizes, initial=0))
    rows = b"".join(digest[2:] for digest in hashes)
    return MAGIC + _COUNT.pack(len(hashes)) + offsets + rows


def _hashed(password: str) -> bytes:
    return hashlib.sha256(password.encode()).digest()[: 2 + TAIL]


def _holds(digest: bytes) -> bool:
    content = _opened()
    bucket = _TABLE + int.from_bytes(digest[:2]) * _COUNT.size
    first, last = _number(content, bucket), _number(content, bucket + _COUNT.size)
    rows = content[_ROWS + first * TAIL : _ROWS + last * TAIL]
    return any(rows[at : at + TAIL] == digest[2:] for at in range(0, len(rows), TAIL))


def _number(content, at: int) -> int:
    return _COUNT.unpack_from(content, at)[0]


@lru_cache(maxsize=1)
def _opened() -> mmap.mmap:
    with FILE.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if content[: len(MAGIC)] != MAGIC:
        raise ValueError(f"{FILE.name} is no list of leaked passwords")
    return content
