"""The texts that customers agree to, by version; what is stored is the hash of what was shown."""

import hashlib

from django.template.loader import render_to_string
from django.utils import translation

from accounts.customers.models import Consent

VERSION = "2026-11"
REQUIRED = (Consent.Kind.TERMS, Consent.Kind.DATA)
TEXTS = {
    Consent.Kind.TERMS: "accounts/customers/texts/terms.txt",
    Consent.Kind.DATA: "accounts/customers/texts/data.txt",
    Consent.Kind.MARKETING: "accounts/customers/texts/marketing.txt",
}


def text_of(kind: str, *, language: str) -> list[str]:
    """This will give the paragraphs of a consent in one language, as pages show them."""
    with translation.override(language):
        text = render_to_string(TEXTS[Consent.Kind(kind)])
    return [line.strip() for line in text.splitlines() if line.strip()]


def hashes(*, language: str) -> list[str]:
    """This will give the hashes of all texts, as a page that shows them sends them back."""
    return [hash_of(kind, language=language) for kind in TEXTS]


def hash_of(kind: str, *, language: str) -> str:
    """This will give the SHA-256, in hex, of what was shown."""
    return hashlib.sha256("\n".join(text_of(kind, language=language)).encode()).hexdigest()
