"""The text by which a customer lets the bank ask a credit bureau; kept by its version and hash."""

import hashlib

from django.template.loader import render_to_string
from django.utils import translation

VERSION = "2026-11"
TEXT = "lending/decisions/texts/bureau.txt"


def bureau_text(*, language: str) -> str:
    """This will give the consent's words in one language, as the page shows them."""
    with translation.override(language):
        return " ".join(render_to_string(TEXT).split())


def given(*, language: str) -> tuple[str, str]:
    """This will give the version of the consent and the SHA-256, in hex, of what was shown."""
    return VERSION, hash_of([bureau_text(language=language)])


def hash_of(lines: list[str]) -> str:
    """This will give the SHA-256, in hex, of words that were shown."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
