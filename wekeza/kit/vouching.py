"""
Codes by which anybody can verify a paper of the bank. A code has 80 bits that nobody can guess:
drawn by lot for a statement, worked out with the bank's index key for a receipt, whose number it
carries in front.
"""

import hmac
import secrets

from django.conf import settings
from django.urls import reverse

from wekeza.kit.encryption import blind_index
from wekeza.kit.receipts import ALPHABET, normalised

LENGTH = 16  # Characters of 5 bits.
STATEMENT = "ST"


def new_statement_code() -> str:
    """This will draw the code of a statement: ST- and 16 characters."""
    return f"{STATEMENT}-{_spelled(secrets.randbits(5 * LENGTH))}"


def receipt_code(receipt_no: str) -> str:
    """This will give the code of a receipt: its number and 16 characters."""
    mark = int(blind_index(receipt_no, context="vouching.receipt"), 16) >> (256 - 5 * LENGTH)
    return f"{receipt_no}-{_spelled(mark)}"


def read(text: str) -> str:
    """This will read a code as people write it: any case, gaps, O for 0, I and L for 1."""
    return normalised("".join(text.split())[:60])


def receipt_of(code: str) -> str | None:
    """This will give the number of the receipt that a code vouches for; None if it vouches not."""
    number = code.rpartition("-")[0]
    if not number or not code.isascii() or not hmac.compare_digest(receipt_code(number), code):
        return None
    return number


def address_of(code: str) -> str:
    """This will give the whole address that verifies a code, for a QR and for print."""
    return settings.SITE_URL.rstrip("/") + reverse("branch:verify:see", args=[code])


def _spelled(number: int) -> str:
    characters = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 32)
        characters.append(ALPHABET[digit])
    return "".join(reversed(characters))
