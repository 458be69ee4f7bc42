"""The PIN, code or passkey by which one person authorises exactly the details of a transfer."""

from datetime import datetime

from accounts.access import authorising
from accounts.access.authorising import Secret, Signed
from accounts.access.models import User
from payments.transfers import queries
from payments.transfers.models import Transfer
from wekeza.kit.actor import Actor

__all__ = ["Secret", "Signed", "ask_passkey", "check", "text_code"]


def check(transfer: Transfer, *, user: User, secret: Secret, at: datetime, actor: Actor) -> str:
    """
    This will accept the PIN, code or signature of one person for exactly these details and give the
    way it came: PIN, NEW_PIN, TOTP, CODE or KEY. For a business a new PIN is not enough.

    :raises FactorTooNew: if a PIN is not enough and what else there is changed within a day.
    :raises WrongPin: and the other refusals of `authorising.check`.
    """
    intent = queries.intent_for(transfer, user, at=at)
    try:
        return authorising.check(intent, secret=secret, at=at, actor=actor)
    except authorising.FactorTooNew as refusal:
        raise queries.too_new(transfer, refusal, at=at) from refusal


def ask_passkey(transfer: Transfer, *, user: User, host: str, at: datetime) -> dict:
    """
    This will give what the browser asks one person's passkeys, to sign exactly these details.

    :raises FactorTooNew: as `check`.
    :raises UnknownPasskey: or CodeLocked, as `authorising.ask_passkey`.
    """
    intent = queries.intent_for(transfer, user, at=at)
    try:
        return authorising.ask_passkey(intent, host=host, at=at)
    except authorising.FactorTooNew as refusal:
        raise queries.too_new(transfer, refusal, at=at) from refusal


def text_code(transfer: Transfer, *, user: User, at: datetime) -> None:
    """
    This will text one person a code for exactly these details; their earlier one stops working.

    :raises CodeTooSoon: if the last code is younger than 60 seconds.
    :raises CodeLocked: while too many wrong codes keep sending off.
    """
    authorising.text_code(queries.intent_for(transfer, user, at=at), at=at)
