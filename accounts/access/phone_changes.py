"""
Another phone number for a login, which counts once the code that was texted to it was typed.

Whoever types the number of another customer sees the same page and hears the same words; nothing
is texted, and no code is right. So nobody learns who is a customer, and nobody is sent codes by a
stranger.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import challenges, queries
from accounts.access import operations as access
from accounts.access.models import DeviceSession, User
from accounts.access.refusals import CodeExpired
from accounts.access.sessions import end_others
from ledger.controls import doors
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal


class PhoneTaken(Refusal):
    """Two logins proved the same number at the same moment; the other was first."""

    code = "phone_taken"
    status = 409
    text = _("This phone number can’t be used here. Use another")


def send_code(user: User, *, phone: str, host: str, at: datetime) -> None:
    """
    This will text a code to a new number (+254 and nine digits); to nobody if it is another's.

    :raises CodeTooSoon: if the last code for this number is younger than 60 seconds.
    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    owner = queries.owner_of_phone(phone)
    challenges.issue(
        user=user,
        purpose="PHONE",
        intent=_intent(user),
        intent_digest=_digest(user, phone),
        text_facts={"host": host},
        recipient=phone,
        is_silent=owner is not None and owner != user,
        at=at,
    )


def finish(
    user: User, *, phone: str, code: str, at: datetime, actor: Actor, keep_session: str | None
) -> None:
    """
    This will take the new number with the right code, tell the old one, make large payments wait
    (rule 26), and end the login's other sessions.

    :raises WrongCode: with the tries left; CodeLocked at the last one.
    :raises CodeExpired: or CodeReplaced, CodeForOtherIntent, if it is no longer good.
    :raises PhoneTaken: if another login proved the number meanwhile.
    """
    challenge = queries.open_challenge(intent=_intent(user), user=user)
    if challenge is None:
        raise CodeExpired
    digest = _digest(user, phone)
    challenges.verify(challenge, code=code, intent_digest=digest, at=at, actor=actor, is_once=True)
    try:
        with transaction.atomic():
            access.set_phone(user, phone=phone, is_verified=True, at=at)
            factor = DeviceSession.Ended.FACTOR
            end_others(user, why=factor, at=at, actor=actor, keep=keep_session)
    except IntegrityError as error:
        raise PhoneTaken from error


def _intent(user: User) -> str:
    return f"access.new_phone:{user.pk}"


def _digest(user: User, phone: str) -> str:
    return doors.digest_of({"login": user.pk, "new_phone": queries.phone_index(phone)})
