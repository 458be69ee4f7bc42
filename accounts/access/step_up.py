"""
Proving once more who somebody is, before they change how the bank reaches them or what authorises
their payments (rule 26): with the PIN and a code, which the password alone gives nobody. Whoever
forgot the PIN gives the password and a code, and neither may be younger than a day.

The code is the authenticator app's, or one that is texted to the phone that the login has now and
that names the change; in its place a passkey may sign the change. `begin` and `finish` each count
their wrong tries in a transaction of their own. What was proved belongs to one session, which
`gate` remembers.
"""

from datetime import datetime

from django.db import models, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.access import challenges, logins, mfa, passkeys, pins, policy, queries
from accounts.access.devices import Facts
from accounts.access.models import KnownDevice, User
from accounts.access.refusals import (
    CodeExpired,
    CodeTooSoon,
    NoPin,
    NotTheHolder,
    PinLocked,
    PinWaits,
    TooManyTries,
)
from ledger.controls import audit, doors
from wekeza.kit import persons
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal


class Change(models.TextChoices):
    """What needs more than a password."""

    PHONE = "phone", _("Change your phone number")
    EMAIL = "email", _("Change your e-mail address")
    APP_ON = "app-on", _("Turn two-step login on")
    APP_OFF = "app-off", _("Turn two-step login off")
    PASSKEY_ON = "passkey-on", _("Add a passkey")
    PASSKEY_OFF = "passkey-off", _("Rename or remove a passkey")
    CODES = "codes", _("See or renew your recovery codes")
    MAIN_PHONE = "main-phone", _("Make another phone your main one")
    CONTACTS = "contacts", _("Change or remove a phone or address")
    DATA = "data", _("Get a copy of everything we hold on you")
    LOGIN_CODE = "login-code", _("Change the code at login")
    QUESTIONS = "questions", _("Choose your security questions")
    API_KEY = "api-key", _("Make a key for a partner app")
    PIN = "pin", _("Choose a new PIN")


class Way(models.TextChoices):
    """Where the code comes from; KEY is a passkey and no code."""

    APP = "APP"
    KEY = "KEY"
    TEXT = "TEXT"


class NothingToProveWith(Refusal):
    """A login without confirmed phone, app and passkey: staff whom nobody equipped yet."""

    code = "nothing_to_prove_with"
    status = 409
    text = _("This login has no phone that could get a code. Ask the bank to add one")


def way_of(user: User) -> str:
    """
    This will tell where the code comes from: the app if there is one, else a passkey takes its
    place, else a text.

    :raises NothingToProveWith: if there is neither an app nor a passkey nor a confirmed phone.
    """
    if queries.has_authenticator(user):
        return Way.APP
    if queries.has_passkey(user):
        return Way.KEY
    if not (user.phone and user.is_phone_verified):
        raise NothingToProveWith
    return Way.TEXT


def begin(user: User, *, change: str, pin: str, at: datetime) -> str:
    """
    This will check the PIN, text the code if no other way is, and give the way it comes. A login
    that is still registering, or staff's, has no PIN; its code is all it has.

    :raises WrongPin: with the tries left.
    :raises CodeLocked: while too many wrong tries keep everything off.
    :raises NothingToProveWith: if no code could come.
    """
    way = way_of(user)
    if queries.has_pin(user):
        pins.verify(user=user, pin=pin, at=at)
    if way == Way.TEXT:
        _text_unless_just_texted(user, change=change, at=at)
    return way


def check_may_replace_pin(user: User, *, device: KnownDevice | None, at: datetime) -> None:
    """
    This will let pass who may choose another PIN than the forgotten one, in a browser, as far as
    can be told before anything is typed.

    :raises NoPin: if there is none yet.
    :raises PinLocked: while too many wrong tries keep everything off.
    :raises PinWaits: for 24 hours after a change of the password, or of a way to reach the login,
        and after the first login from that browser.
    """
    if not queries.has_pin(user):
        raise NoPin
    if until := queries.sending_off_until(user, at=at):
        raise PinLocked.over(until)
    if moment := queries.new_pin_from(user, device=device, at=at):
        raise PinWaits.until(moment)


def begin_by_password(
    user: User,
    *,
    password: str,
    national_id: str,
    device: KnownDevice | None,
    facts: Facts,
    at: datetime,
) -> str:
    """
    This will check the password and the ID number of who forgot the PIN, counted as at the login,
    text the code if no other way is, and give the way it comes. A browser may know the password; it
    knows no ID.

    :raises TooManyTries: after five wrong tries within fifteen minutes.
    :raises NotTheHolder: if one of them is another.
    :raises NothingToProveWith: if no code could come; NoPin, PinLocked and PinWaits, as
        `check_may_replace_pin`.
    """
    check_may_replace_pin(user, device=device, at=at)
    way = way_of(user)
    tried = logins.begin(typed=user.email, user=user, facts=facts, at=at)
    if tried is None:
        raise TooManyTries(retry_after=int(policy.LOGIN_SPAN.total_seconds()))
    index = user.customer.national_id_index
    is_holder = constant_time_compare(persons.id_index(national_id), index)
    if not (user.check_password(password) and is_holder):
        raise NotTheHolder
    logins.passed(tried)
    if way == Way.TEXT:
        _text_unless_just_texted(user, change=Change.PIN, at=at)
    return way


def text_code(user: User, *, change: str, at: datetime) -> None:
    """
    This will text a code that authorises this change of this login to the phone it has now.

    :raises NothingToProveWith: if it has no confirmed phone.
    :raises CodeTooSoon: if the last one is younger than 60 seconds.
    :raises CodeLocked: while too many wrong tries keep everything off.
    """
    if not (user.phone and user.is_phone_verified):
        raise NothingToProveWith
    challenges.issue(
        user=user,
        purpose=f"CHANGE_{Change(change).name}",
        intent=_intent(user, change),
        intent_digest=_digest(user, change),
        text_facts={},
        at=at,
    )


def finish(user: User, *, change: str, way: str, code: str, at: datetime, actor: Actor) -> None:
    """
    This will accept the code for this change, once.

    :raises WrongCode: with the tries left; CodeLocked at the last one.
    :raises CodeExpired: or CodeReplaced, CodeUsed, if it is no longer good.
    :raises WrongPasskey: if a passkey is what this change waits for.
    """
    if way == Way.KEY:
        raise passkeys.WrongPasskey
    digest = _digest(user, change)
    if way == Way.APP:
        mfa.verify(user=user, code=code, at=at)
    else:
        challenge = queries.open_challenge(intent=_intent(user, change), user=user)
        if challenge is None:
            raise CodeExpired
        challenges.verify(
            challenge, code=code, intent_digest=digest, at=at, actor=actor, is_once=True
        )
    _record(user, change=change, way=way, actor=actor)


def ask_passkey(user: User, *, change: str, nonce: str, host: str) -> dict:
    """This will give what the browser asks a passkey, to confirm this change in one session."""
    return passkeys.options(
        user,
        intent=f"{_intent(user, change)}:{nonce}",
        intent_digest=_digest(user, change),
        host=host,
    )


def finish_by_passkey(
    user: User, *, change: str, nonce: str, credential: str, host: str, at: datetime, actor: Actor
) -> None:
    """
    This will accept a passkey's signature for this change, in the session that keeps `nonce`.

    :raises WrongPasskey: if none of the login's passkeys signed exactly this.
    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    passkeys.verify(
        user,
        credential=credential,
        intent=f"{_intent(user, change)}:{nonce}",
        intent_digest=_digest(user, change),
        host=host,
        at=at,
    )
    _record(user, change=change, way=Way.KEY, actor=actor)


def _record(user, *, change, way, actor):
    with transaction.atomic():
        audit.record(
            actor=actor, deed="access.change_confirmed", subject=user, change=change, way=way
        )


def _text_unless_just_texted(user: User, *, change: str, at: datetime) -> None:
    try:
        text_code(user, change=change, at=at)
    except CodeTooSoon:
        return  # The PIN was typed again; the code of a moment ago is still good.


def _intent(user: User, change: str) -> str:
    return f"access.{change}:{user.pk}"


def _digest(user: User, change: str) -> str:
    return doors.digest_of({"login": user.pk, "change": change, "texted_to": user.phone_index})
