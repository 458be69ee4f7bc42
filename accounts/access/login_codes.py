"""
The second step of logging in by text or e-mail, for who wants it and has neither app nor passkey
(IA16, IA25). It is the weakest of the second steps, which the page says: whoever takes over the
number has the code. It marks no session as verified, and staff need another.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.access import challenges, queries, sessions
from accounts.access.models import DeviceSession, User
from accounts.access.refusals import CodeExpired, CodeTooSoon, StaffNeedsApp
from accounts.access.step_up import NothingToProveWith
from accounts.notifications import operations as notifications
from ledger.controls import audit, doors
from wekeza.kit.actor import Actor

Channel = User.LoginCode


@transaction.atomic
def choose(
    user: User, *, channel: str, at: datetime, actor: Actor, keep_session: UUID | str | None = None
) -> None:
    """
    This will ask for a code by text (SMS) or e-mail (EMAIL) at each login, or for none, tell the
    customer by both, and end the login's other sessions.

    :raises NothingToProveWith: if a text is wanted and there is no confirmed phone.
    :raises StaffNeedsApp: to staff, who sign in with an authenticator app and nothing weaker.
    """
    if user.is_staff:
        raise StaffNeedsApp
    has_phone = bool(user.phone and user.is_phone_verified)
    if channel == Channel.SMS and not has_phone:
        raise NothingToProveWith
    user.login_code = channel
    user.save(update_fields=["login_code", "updated_at"])
    if has_phone:
        notifications.queue(user=user, channel="SMS", kind="login_code_changed")
    notifications.queue(user=user, channel="EMAIL", kind="login_code_changed")
    factor = DeviceSession.Ended.FACTOR
    sessions.end_others(user, why=factor, at=at, actor=actor, keep=keep_session)
    audit.record(actor=actor, deed="access.login_code_chosen", subject=user, channel=channel)


def is_asked(user: User) -> bool:
    """This will say whether a login is asked for such a code; app and passkey stand above it."""
    return bool(user.login_code) and not (
        queries.has_authenticator(user) or queries.has_passkey(user)
    )


def send(user: User, *, at: datetime) -> None:
    """
    This will send the code for logging in.

    :raises CodeTooSoon: if the last one is younger than 60 seconds; it is still good.
    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    challenges.issue(
        user=user,
        purpose="LOGIN",
        intent=_intent(user),
        intent_digest=_digest(user),
        text_facts={},
        channel=user.login_code,
        at=at,
    )


def send_unless_just_sent(user: User, *, at: datetime) -> None:
    """
    This will send the code, unless a moment ago one was sent that is still good.

    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    try:
        send(user, at=at)
    except CodeTooSoon:
        return


def verify(user: User, *, code: str, at: datetime) -> None:
    """
    This will accept the code for logging in, once.

    :raises WrongCode: with the tries left; CodeLocked at the last one.
    :raises CodeExpired: or CodeReplaced, if it is no longer good.
    """
    challenge = queries.open_challenge(intent=_intent(user), user=user)
    if challenge is None:
        raise CodeExpired
    challenges.verify(
        challenge,
        code=code,
        intent_digest=_digest(user),
        at=at,
        actor=Actor("LOGIN", str(user.pk)),
        is_once=True,
    )


def _intent(user: User) -> str:
    return f"access.login:{user.pk}"


def _digest(user: User) -> str:
    sent_to = user.phone_index if user.login_code == Channel.SMS else user.email
    return doors.digest_of({"login": user.pk, "channel": user.login_code, "sent_to": sent_to})
