"""
Keeps django-otp's "verified", the sessions and the login history in step with allauth (decision
21).
"""

from uuid import uuid4

import django_otp
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from accounts.access import devices, logins, sessions
from accounts.access import operations as access
from accounts.access.models import DeviceSession, How, MfaDevice
from wekeza.kit.actor import Actor

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
Ended = DeviceSession.Ended
DEVICE_SESSION = "device_session"  # The public id of the session's row.
PREVIOUS_LOGIN = "previous_login"
LAST_SEEN = "last_seen"
STARTED = "started_at"


@receiver(authenticator_added)
def enrolled(sender, request, user, authenticator, **_):
    """The person has just proved to hold the new device: this session is verified."""
    if authenticator.type in STRONG:
        access.note_factor_change(user, at=timezone.now())
        _end_others(request, user, why=Ended.FACTOR)
        django_otp.login(request, access.mfa.enrol(user=user))
    if authenticator.type == Authenticator.Type.TOTP:
        access.mfa.spend(user=user, code=request.POST.get("code", ""), at=timezone.now())


@receiver(authenticator_removed)
def removed(sender, request, user, authenticator, **_):
    """Without an authenticator there is no device, and no session of the login is verified."""
    if authenticator.type in STRONG:
        access.note_factor_change(user, at=timezone.now())
        _end_others(request, user, why=Ended.FACTOR)
    if not Authenticator.objects.filter(user=user, type__in=STRONG).exists():
        access.mfa.leave(user=user)


@receiver(authenticator_used)
def used(sender, request, user, authenticator, reauthenticated=False, **_):
    """Proving the device again verifies a session that had begun without it."""
    if reauthenticated and request.user.is_authenticated:
        django_otp.login(request, access.mfa.enrol(user=user))


@receiver(email_changed)
def moved(sender, request, user, from_email_address, to_email_address, **_):
    """Another address is where a new password can be had: large payments wait (rule 26)."""
    if from_email_address is not None:
        access.note_factor_change(user, at=timezone.now())
        _end_others(request, user, why=Ended.FACTOR)


@receiver([password_changed, password_set, password_reset])
def has_new_password(sender, request, user, **_):
    """Whoever came in by the old password is out, wherever they sit."""
    _end_others(request, user, why=Ended.PASSWORD)


@receiver(user_logged_in)
def logged_in(sender, request, user, **_):
    """Opens the session's row, writes the login down, and marks the session verified."""
    now, facts = timezone.now(), devices.facts_of(request)
    records = get_authentication_records(request, user)
    how = How.PASSKEY if any(map(_is_passkey_alone, records)) else How.PASSWORD
    cookie = getattr(request, "device_cookie", "") or uuid4().hex
    before, device = logins.signed_in(user=user, how=how, cookie=cookie, facts=facts, at=now)
    if request.session.session_key is None:  # Somebody else was signed in here; it has none yet.
        request.session.create()
    row = sessions.open(
        user,
        how=how,
        facts=facts,
        at=now,
        session_key=request.session.session_key,
        known_device=device,
    )
    request.device_session, request.is_device_noted = row, True
    request.session[DEVICE_SESSION] = str(row.public_id)
    request.session[STARTED] = request.session[LAST_SEEN] = int(now.timestamp())
    if before is not None:
        request.session[PREVIOUS_LOGIN] = {
            "at": before.created_at.isoformat(),
            "device": before.device,
        }
    if any(record["method"] == "mfa" for record in records):
        verified = MfaDevice.objects.filter(user=user).first()
        if verified is not None:
            django_otp.login(request, verified)


@receiver(user_logged_out)
def logged_out(sender, request, user, **_):
    """Ends the session's row, and writes down that it ended: by choice, by idling or by age."""
    if user is None:
        return
    now, row = timezone.now(), getattr(request, "device_session", None)
    if row is not None:
        sessions.end(row, why=getattr(request, "session_ends_by", Ended.OUT), at=now)
        request.device_session = None
    logins.signed_out(user=user, facts=devices.facts_of(request), at=now)


def _is_passkey_alone(record) -> bool:
    return bool(record.get("passwordless"))


def _end_others(request, user, *, why: str) -> None:
    """A session of the same person may stay; a reset by link is done by nobody who is in."""
    row = getattr(request, "program_session", None) or getattr(request, "device_session", None)
    keep = row.public_id if row is not None and request.user == user else None
    actor = Actor("LOGIN", str(user.pk))
    sessions.end_others(user, why=why, at=timezone.now(), actor=actor, keep=keep)
