"""
Sessions as rows (IA39): who is signed in where, and the one door through which any of them ends.

A browser's session names its row, a token names it by `public_id`. Each door asks on each request
(`of_key`, `of_program`), in the database and never in a cache: an ended session is out at once,
also while a cache is down or still holds what the session knew (rule 27).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import policy
from accounts.access.devices import Facts
from accounts.access.models import DeviceSession, How, KnownDevice, User
from ledger.controls import audit
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.encryption import blind_index
from wekeza.kit.errors import Refusal

Ended = DeviceSession.Ended


class NoSuchSession(Refusal):
    """This login has no such open session."""

    code = "no_such_session"
    status = 404
    text = _("There is no such session of yours. It may have ended already")


def open(  # noqa: A001 - sessions.open reads as what it does.
    user: User,
    *,
    how: str,
    facts: Facts,
    at: datetime,
    session_key: str = "",
    known_device: KnownDevice | None = None,
) -> DeviceSession:
    """
    This will begin a session of a login and give its row, whose `public_id` names it. A browser's
    has the key of its Django session; a token's has none.
    """
    return DeviceSession.objects.create(
        user=user,
        how=how,
        key_index=key_index(session_key),
        known_device=known_device,
        device=facts.device,
        ip_address=facts.ip_address or None,
        started_at=at,
        seen_at=at,
    )


def of_key(public_id: UUID | str, *, user: User, session_key: str) -> DeviceSession | None:
    """This will give the open session of a browser, if id, login and key belong together."""
    return DeviceSession.objects.filter(
        public_id=public_id, user=user, key_index=key_index(session_key), ended_at=None
    ).first()


def of_program(public_id: UUID | str | None) -> DeviceSession | None:
    """This will give the open session behind a program's token, if its login is active."""
    rows = DeviceSession.objects.filter(public_id=public_id, how=How.TOKEN, ended_at=None)
    return rows.filter(user__is_active=True).first()


def seen(session: DeviceSession, *, facts: Facts, at: datetime) -> None:
    """This will note a request, once a minute at most (decision 30)."""
    if at - session.seen_at >= policy.SEEN_EVERY:
        DeviceSession.objects.filter(pk=session.pk, ended_at=None).update(
            seen_at=at, ip_address=facts.ip_address or None
        )


def follow_key(session: DeviceSession, *, session_key: str) -> None:
    """This will let the row follow its browser to another key, as login and step-up give one."""
    index = key_index(session_key)
    if session.key_index != index:
        DeviceSession.objects.filter(pk=session.pk).update(key_index=index)


@transaction.atomic
def end_one(user: User, *, public_id: str, at: datetime, actor: Actor) -> None:
    """
    This will end one session of a login from another device.

    :raises NoSuchSession: if the login has no such open session.
    """
    try:
        rows = DeviceSession.objects.filter(user=user, public_id=UUID(public_id))
    except ValueError as error:
        raise NoSuchSession from error
    if not _end(rows, why=Ended.REMOTE, at=at):
        raise NoSuchSession
    audit.record(actor=actor, deed="access.session_ended", subject=rows.get())


def end(session: DeviceSession, *, why: str, at: datetime) -> bool:
    """This will end a session, once; says whether it was this call."""
    return bool(_end(DeviceSession.objects.filter(pk=session.pk), why=why, at=at))


@transaction.atomic
def end_others(
    user: User, *, why: str, at: datetime, actor: Actor, keep: UUID | str | None = None
) -> int:
    """This will end every open session of a login but one (`keep`), and give their number."""
    rows = DeviceSession.objects.filter(user=user)
    number = _end(rows.exclude(public_id=keep) if keep else rows, why=why, at=at)
    if number:
        audit.record(
            actor=actor, deed="access.sessions_ended", subject=user, why=why, number=number
        )
    return number


@transaction.atomic
def end_of_staff(*, user: int, **_) -> None:
    """
    This will end every session of somebody who was sent home. Their login is shut already; this is
    so that no session of before opens again when they come back. Told twice, it does nothing more.
    """
    end_others(User.objects.get(pk=user), why=Ended.BANK, at=timezone.now(), actor=SYSTEM)


def end_programs(public_ids, *, at: datetime, why: str = Ended.AGE) -> int:
    """This will end sessions of programs by their ids, and give how many were open."""
    return _end(DeviceSession.objects.filter(public_id__in=public_ids), why=why, at=at)


def end_stale(*, at: datetime) -> int:
    """This will end browsers' sessions that idled or are too old, which nobody came back to."""
    rows = DeviceSession.objects.exclude(how=How.TOKEN)
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    old = _end(rows.filter(started_at__lte=at - longest), why=Ended.AGE, at=at)
    idle = Q()
    for is_staff in (True, False):
        quiet_since = at - idle_after(is_staff=is_staff) - policy.SEEN_EVERY
        idle |= Q(user__is_staff=is_staff, seen_at__lte=quiet_since)
    return old + _end(rows.filter(idle), why=Ended.IDLE, at=at)


def idle_after(*, is_staff: bool) -> timedelta:
    """This will give how long a browser's session may stand without a request (rule 27)."""
    minutes = settings.STAFF_IDLE_MINUTES if is_staff else settings.CUSTOMER_IDLE_MINUTES
    return timedelta(minutes=minutes)


def key_index(session_key: str | None) -> str:
    """This will give the keyed hash under which a browser's session is found."""
    return blind_index(session_key, context="access.session") if session_key else ""


def _end(rows, *, why: str, at: datetime) -> int:
    return rows.filter(ended_at=None).update(ended_at=at, ended_by=why)
