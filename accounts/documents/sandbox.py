"""
Runs `cleaning.py` as a process of its own: bounded in memory and time, without our environment, so
without keys, and without a database. What breaks in it breaks nothing here.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accounts.documents import cleaning
from accounts.documents.refusals import UNFIT, Damaged

PROGRAM = [sys.executable, "-I", str(Path(cleaning.__file__))]


@dataclass(frozen=True, slots=True)
class Clean:
    """A harmless copy of what was uploaded, and what it is."""

    content_type: str
    pages: int
    pixels: int
    copy: bytes
    thumbnail: bytes


def clean(content: bytes, *, bounds: Mapping[str, int]) -> Clean:
    """
    This will give a clean copy of a JPG, PNG or PDF, judged by its bytes.

    :raises Unreadable: or one of its kin, if it is no whole, harmless paper within the bounds.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no argument from outside.
            PROGRAM,
            input=json.dumps(dict(bounds)).encode() + b"\n" + content,
            capture_output=True,
            timeout=2 * cleaning.SECONDS,
            env={},
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as why:
        raise Damaged from why  # It ran out of memory or time, or a library fell over the bytes.
    head, _, body = done.stdout.partition(b"\n")
    told = json.loads(head)
    if "unfit" in told:
        raise UNFIT[told["unfit"]](**told["facts"])
    return Clean(
        content_type=told["content_type"],
        pages=told["pages"],
        pixels=told["pixels"],
        copy=body[: told["copy"]],
        thumbnail=body[told["copy"] :],
    )
