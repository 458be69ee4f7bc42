"""
Asking the demo rail. It answers at once and always yes; the same reference gives the same answer,
as a real rail does. There is no money behind it, so it is open only in a demo bank (decision 28).
"""

import hashlib

from django.conf import settings

from ledger.controls.models import BankFact
from ledger.money import Money
from payments.rails.answers import Answer, Result
from payments.rails.demo.models import DemoRailRequest

NAME = "DEMO"


class OtherAmount(ValueError):
    """A reference stands for another amount: a fault of the asker, which a rail refuses."""


def is_open() -> bool:
    """This will tell whether this bank is a demo bank and was started as one."""
    return bool(settings.WEKEZA_DEMO) and BankFact.objects.filter(is_demo=True).exists()


def ask(*, reference: str, money: Money) -> Answer:
    """
    This will ask the pretended wallet for an amount, once for each reference. What it gave stays
    given, unless it was sent back: then nothing of it is with the bank.

    :raises OtherAmount: if the reference stands for another amount.
    """
    request = _kept(reference, money)
    result = Result.FAILED if request.is_sent_back else Result.SUCCESS
    return Answer(result, request.rail_reference)


def send_back(*, reference: str, money: Money) -> None:
    """
    This will give an amount back to the pretended wallet, once for each reference: the bank could
    not take it in.

    :raises OtherAmount: if the reference stands for another amount, or for none.
    """
    request = DemoRailRequest.objects.filter(reference=reference).first()
    if request is None or request.money != money:
        raise OtherAmount(f"{reference} was not for {money}")
    DemoRailRequest.objects.filter(pk=request.pk).update(is_sent_back=True)


def _kept(reference: str, money: Money) -> DemoRailRequest:
    digest = hashlib.sha256(f"{reference}|{money}".encode()).hexdigest()
    facts = {
        "amount": money.amount,
        "currency": money.currency,
        "rail_reference": f"DEMO{digest[:10].upper()}",
    }
    request, _ = DemoRailRequest.objects.get_or_create(reference=reference, defaults=facts)
    if request.money != money:
        raise OtherAmount(f"{reference} was for {request.money}, not {money}")
    return request
