"""The PIN, code or passkey by which one person authorises exactly the details of a transfer."""

from dataclasses import dataclass
from datetime import datetime

from accounts.access import challenges, mfa, pins, signing
from accounts.access import queries as access_queries
from accounts.access.models import User
from accounts.access.refusals import CodeExpired
from payments.transfers import queries
from payments.transfers.models import Transfer
from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Signed:
    """What a passkey signed, as the browser told it (JSON) at the bank's own `host`."""

    credential: str
    host: str


Secret = str | Signed  # What was typed, or what a passkey signed.


def check(transfer: Transfer, *, user: User, secret: Secret, at: datetime, actor: Actor) -> str:
    """
    This will accept the PIN, code or signature of one person for exactly these details and give the
    way it came: PIN, NEW_PIN, TOTP, CODE or KEY. Each check is a transaction of its own, so that a
    wrong try stays counted. A passkey opens what a PIN does, and more when other factors would.

    :raises WrongPin: or WrongCode, with the tries left; CodeExpired, CodeLocked and others of
        accounts.access.
    :raises PinTooNew: for a business, if the PIN replaced a forgotten one within a day.
    :raises WrongPasskey: and the other refusals of `signing.accept`.
    :raises FactorTooNew: if a PIN is not enough and what else there is changed within a day.
    """
    digest = queries.intent_digest(transfer)
    way = queries.way_open(transfer, at=at, user=user)
    if isinstance(secret, Signed):
        signing.accept(
            user,
            credential=secret.credential,
            intent=queries.intent_for(transfer, user),
            intent_digest=digest,
            host=secret.host,
            at=at,
            actor=actor,
        )
        return queries.Way.KEY
    if way == queries.Way.PIN:
        is_new = pins.verify(user=user, pin=secret, at=at, may_be_new=not transfer.business_id)
        return queries.Way.NEW_PIN if is_new else way
    if way == queries.Way.TOTP:
        mfa.verify(user=user, code=secret, at=at, intent_digest=digest)
    else:
        intent = queries.intent_for(transfer, user)
        challenge = access_queries.open_challenge(intent=intent, user=user)
        if challenge is None:
            raise CodeExpired
        challenges.verify(challenge, code=secret, intent_digest=digest, at=at, actor=actor)
    return way


def ask_passkey(transfer: Transfer, *, user: User, host: str, at: datetime) -> dict:
    """
    This will give what the browser asks one person's passkeys, to sign exactly these details.

    :raises FactorTooNew: as `check`.
    :raises UnknownPasskey: or CodeLocked, as `signing.ask`.
    """
    queries.way_open(transfer, at=at, user=user)
    return signing.ask(
        user,
        intent=queries.intent_for(transfer, user),
        intent_digest=queries.intent_digest(transfer),
        host=host,
        at=at,
    )


def text_code(transfer: Transfer, *, user: User, at: datetime) -> None:
    """
    This will text one person a code for exactly these details; their earlier one stops working.

    :raises CodeTooSoon: if the last code is younger than 60 seconds.
    :raises CodeLocked: while too many wrong codes keep sending off.
    """
    challenges.issue(
        user=user,
        purpose="APPROVE" if transfer.business_id else "TRANSFER",
        intent=queries.intent_for(transfer, user),
        intent_digest=queries.intent_digest(transfer),
        text_facts={
            "amount": str(transfer.money),
            "payee": transfer.payee_name,
            "payer": transfer.payer_name,
            "to": transfer.masked_recipient,
            "fee": str(transfer.fee_money),
        },
        at=at,
    )
