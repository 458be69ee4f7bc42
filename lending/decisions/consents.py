"""The text by which a customer lets the bank ask a credit bureau; kept by its version and hash."""

import hashlib

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from lending.decisions.refusals import ConsentNotShown

VERSION = "2026-11"
TEXT = "lending/decisions/texts/bureau.txt"
OF_BUSINESS = "lending/business/texts/bureau.txt"  # A director's, for the business too.


def bureau_text(*, language: str, text: str = TEXT) -> str:
    """This will give the consent's words in one language, as the page shows them."""
    with translation.override(language):
        return " ".join(render_to_string(text).split())


def given(*, language: str, text: str = TEXT) -> tuple[str, str]:
    """This will give the version of the consent and the SHA-256, in hex, of what was shown."""
    return VERSION, hash_of([bureau_text(language=language, text=text)])


def shown(text_hash: str) -> tuple[str, str]:
    """
    This will give the version and hash of the consent that a program showed.

    :raises ConsentNotShown: if it is not that of the words of today, in either language.
    """
    if text_hash not in {given(language=code)[1] for code, _name in settings.LANGUAGES}:
        raise ConsentNotShown
    return VERSION, text_hash


def hash_of(lines: list[str]) -> str:
    """This will give the SHA-256, in hex, of words that were shown."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
