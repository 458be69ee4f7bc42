"""
Asking the demo rail. It answers at once and always yes; the same reference gives the same answer,
as a real rail does. There is no money behind it, so it is open only in a demo bank (decision 28).
"""

import hashlib

from django.conf import settings

from ledger.controls.models import BankFact
from ledger.money import Money
from payments.rails.answers import Answer, Result

NAME = "DEMO"


def is_open() -> bool:
    """This will tell whether this bank is a demo bank and was started as one."""
    return bool(settings.WEKEZA_DEMO) and BankFact.objects.filter(is_demo=True).exists()


def ask(*, reference: str, money: Money) -> Answer:
    """This will ask the pretended wallet for an amount."""
    digest = hashlib.sha256(f"{reference}|{money}".encode()).hexdigest()
    return Answer(Result.SUCCESS, f"DEMO{digest[:10].upper()}")


def send_back(*, reference: str, money: Money) -> None:
    """This will give an amount back to the pretended wallet: the bank could not take it in."""
