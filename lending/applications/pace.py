"""
How long somebody typed, and whether a browser sent it: what rule 14 of fraud looks at (kenya.md
4.11). The page of a form carries the moment at which it was first shown, signed for its customer,
and brings it back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.signing import BadSignature, Signer

from accounts.access import devices
from accounts.customers.models import Customer

_SIGNER = Signer(salt="loan-application.begun")


@dataclass(frozen=True, slots=True)
class Typed:
    """How a form came: after so many seconds, and from a browser or from a script."""

    seconds: int
    is_scripted: bool


def begun(customer: Customer, *, at: datetime) -> str:
    """This will sign the moment at which a customer saw an empty form."""
    return _SIGNER.sign(f"{customer.pk}.{at.timestamp():.0f}")


def of(request, customer: Customer, *, begun: str, at: datetime) -> Typed:
    """
    This will tell how a form was typed that comes with the moment that `begun` signed. Without it,
    or with another customer's, nobody saw the form: no second passed.
    """
    try:
        whose, _, moment = _SIGNER.unsign(begun).partition(".")
    except BadSignature:
        whose = moment = ""
    seconds = int(at.timestamp()) - int(moment) if whose == str(customer.pk) else 0
    return Typed(seconds=max(seconds, 0), is_scripted=devices.is_scripted(request))
