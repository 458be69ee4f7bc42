"""
What one person authorises with a PIN, a code or a passkey: exactly the facts that they were shown.

A PIN is enough for what is small. What is not takes an authenticator app if there is one, else a
texted code, and waits for a day after phone, e-mail, PIN or app changed (rule 26). A passkey opens
what a PIN does, and more when other factors would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import challenges, mfa, pins, queries, signing
from accounts.access.models import User
from accounts.access.refusals import CodeExpired
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.words import moment


class Way(models.TextChoices):
    PIN = "PIN"
    NEW_PIN = "NEW_PIN"  # In its first day in the place of a forgotten one.
    TOTP = "TOTP"
    CODE = "CODE"
    KEY = "KEY"


class FactorTooNew(Refusal):
    """Phone, e-mail, PIN or authenticator changed within a day (rule 26). Facts: opens."""

    code = "factor_too_new"
    status = 403
    text = _(
        "Your phone, e-mail, PIN or two-step login changed. To keep your money safe, this waits "
        "until {opens}. Nothing was done"
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """What a passkey signed, as the browser told it (JSON) at the bank's own `host`."""

    credential: str
    host: str


Secret = str | Signed  # What was typed, or what a passkey signed.


@dataclass(frozen=True, slots=True)
class Intent:
    """
    What one person is about to authorise: its name, the fingerprint of what they were shown,
    whether a PIN is enough for it, and what the text with a code says (code_<purpose>.txt).
    """

    user: User
    name: str
    digest: str
    is_small: bool
    purpose: str
    text_facts: Mapping
    may_be_new_pin: bool = False


def way_of(intent: Intent) -> str:
    """This will tell what authorises an intent (X20)."""
    if intent.is_small:
        return Way.PIN
    return Way.TOTP if queries.has_authenticator(intent.user) else Way.CODE


def way_open(intent: Intent, *, at: datetime) -> str:
    """
    This will tell what authorises an intent, as `way_of`, if that may authorise anything yet.

    :raises FactorTooNew: if a PIN is not enough and what else there is changed within a day.
    """
    way = way_of(intent)
    if way != Way.PIN and (opens := queries.large_payments_from(intent.user, at=at)) is not None:
        raise FactorTooNew(opens=moment(opens))
    return way


def may_use_passkey(intent: Intent, *, at: datetime) -> bool:
    """This will tell whether the person has a passkey, and it may authorise this by now."""
    return queries.has_passkey(intent.user) and (
        intent.is_small or queries.large_payments_from(intent.user, at=at) is None
    )


def was_texted(intent: Intent, *, at: datetime) -> bool:
    """This will tell whether a code was texted for an intent that still works."""
    sent = queries.open_challenge(intent=intent.name, user=intent.user)
    return sent is not None and sent.state == sent.State.OPEN and at < sent.expires_at


def check(intent: Intent, *, secret: Secret, at: datetime, actor: Actor) -> str:
    """
    This will accept the PIN, code or signature of the person for exactly this intent and give the
    way it came. Each check is a transaction of its own, so that a wrong try stays counted.

    :raises WrongPin: or WrongCode, with the tries left; CodeExpired, CodeLocked and others of
        accounts.access.
    :raises PinTooNew: if the PIN replaced a forgotten one within a day, unless that may be.
    :raises WrongPasskey: and the other refusals of `signing.accept`.
    :raises FactorTooNew: as `way_open`.
    """
    user, way = intent.user, way_open(intent, at=at)
    if isinstance(secret, Signed):
        signing.accept(
            user,
            credential=secret.credential,
            intent=intent.name,
            intent_digest=intent.digest,
            host=secret.host,
            at=at,
            actor=actor,
        )
        return Way.KEY
    if way == Way.PIN:
        is_new = pins.verify(user=user, pin=secret, at=at, may_be_new=intent.may_be_new_pin)
        return Way.NEW_PIN if is_new else way
    if way == Way.TOTP:
        mfa.verify(user=user, code=secret, at=at, intent_digest=intent.digest)
        return way
    challenge = queries.open_challenge(intent=intent.name, user=user)
    if challenge is None:
        raise CodeExpired
    challenges.verify(challenge, code=secret, intent_digest=intent.digest, at=at, actor=actor)
    return way


def ask_passkey(intent: Intent, *, host: str, at: datetime) -> dict:
    """
    This will give what the browser asks the person's passkeys, to sign exactly this intent.

    :raises FactorTooNew: as `way_open`.
    :raises UnknownPasskey: or CodeLocked, as `signing.ask`.
    """
    way_open(intent, at=at)
    return signing.ask(
        intent.user, intent=intent.name, intent_digest=intent.digest, host=host, at=at
    )


def text_code(intent: Intent, *, at: datetime) -> None:
    """
    This will text the person a code for exactly this intent; their earlier one stops working.

    :raises CodeTooSoon: if the last code is younger than 60 seconds.
    :raises CodeLocked: while too many wrong codes keep sending off.
    """
    challenges.issue(
        user=intent.user,
        purpose=intent.purpose,
        intent=intent.name,
        intent_digest=intent.digest,
        text_facts=intent.text_facts,
        at=at,
    )
