"""
KE-QR payloads: the EMVCo merchant-presented form that the Central Bank's standard of 2023 asks for.

A payload is a row of objects: two digits of id, two of length, the value; the last one is a CRC.
Object 29 is a bank's: `ke.go.qr` and, under the bank's own number in the Central Bank's directory,
the account. That directory has no number for this bank yet: BANK is a proposal until it has one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.deposits import numbers
from ledger.money import Money
from wekeza.kit.errors import Refusal

SCHEME = "ke.go.qr"
BANK = "90"  # A proposal, see above.
BANKS = "29"
SHILLINGS = "404"  # ISO 4217, as a number.
LONGEST = 512
LONGEST_NAME = 25
BEGINS = "000201"
_FIGURES = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?", re.ASCII)


class NotAPayload(Refusal):
    code = "not_a_payload"
    status = 422
    text = _(
        "This code is not whole, or is not one for payments. Scan it again, or type the number"
    )


class OfAnotherBank(Refusal):
    code = "of_another_bank"
    status = 400
    text = _("This code is of another bank. Now you can pay Wekeza accounts by code")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a code asks to pay, and how much if it says so."""

    account: str
    name: str
    amount: Money | None


def payload_of(*, account: str, name: str, amount: Money | None = None) -> str:
    """This will write the payload of an account: one for ever, or for an amount in KES."""
    objects = [
        ("00", "01"),
        ("01", "12" if amount else "11"),
        (BANKS, _joined([("00", SCHEME), (BANK, account)])),
        ("52", "0000"),
        ("53", SHILLINGS),
        *([("54", f"{amount.amount.quantize(Decimal('0.01'))}")] if amount else []),
        ("58", "KE"),
        ("59", _plain(name)),
        ("60", "NAIROBI"),
    ]
    text = _joined(objects) + "6304"
    return text + crc(text)


def looks_like_one(text: str) -> bool:
    """This will say whether a text is meant as a payload, whole or not."""
    return text.strip().startswith(BEGINS)


def read(text: str) -> Wanted:
    """
    This will read whom a payload asks to pay.

    :raises NotAPayload: if it is cut, changed (its CRC differs), or asks for nothing sound.
    :raises OfAnotherBank: if it leads to an account that is not ours, or another currency.
    """
    text = text.strip()
    if len(text) > LONGEST or not text.isascii() or text[-8:-4] != "6304":
        raise NotAPayload
    if crc(text[:-4]) != text[-4:].upper():
        raise NotAPayload
    objects = _taken_apart(text[:-8])
    account = _taken_apart(objects.get(BANKS, "")).get(BANK, "")
    scheme = _taken_apart(objects.get(BANKS, "")).get("00", "")
    if scheme.lower() != SCHEME or objects.get("53") != SHILLINGS or not account:
        raise OfAnotherBank
    if not numbers.looks_like_one(account):
        raise NotAPayload
    return Wanted(account, objects.get("59", ""), _amount(objects.get("54")))


def crc(text: str) -> str:
    """This will give the check of a payload: CRC-16/CCITT-FALSE of all before it, as 4 digits."""
    rest = 0xFFFF
    for byte in text.encode():
        rest ^= byte << 8
        for _bit in range(8):
            rest = (rest << 1 ^ 0x1021 if rest & 0x8000 else rest << 1) & 0xFFFF
    return f"{rest:04X}"


def _amount(said: str | None) -> Money | None:
    if said is None:
        return None
    if not _FIGURES.fullmatch(said) or not Decimal(said):
        raise NotAPayload
    return Money.rounded(Decimal(said), "KES")


def _joined(objects: list[tuple[str, str]]) -> str:
    return "".join(f"{name}{len(value):02d}{value}" for name, value in objects)


def _taken_apart(text: str) -> dict[str, str]:
    objects, place = {}, 0
    while place < len(text):
        head = text[place : place + 4]
        if len(head) < 4 or not head.isdigit():
            raise NotAPayload
        value = text[place + 4 : place + 4 + int(head[2:])]
        if len(value) != int(head[2:]) or head[:2] in objects:
            raise NotAPayload
        objects[head[:2]] = value
        place += 4 + len(value)
    return objects


def _plain(name: str) -> str:
    """A name in the letters that every reader knows."""
    letters = "".join(sign for sign in name if sign.isascii() and sign.isprintable())
    return letters[:LONGEST_NAME].strip() or "WEKEZA"
