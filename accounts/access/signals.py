"""Keeps django-otp's "verified" and the login history in step with allauth (decision 21)."""

import django_otp
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import email_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from accounts.access import devices, logins
from accounts.access import operations as access
from accounts.access.models import MfaDevice

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
PREVIOUS_LOGIN = "previous_login"
LAST_SEEN = "last_seen"
STARTED = "started_at"


@receiver(authenticator_added)
def enrolled(sender, request, user, authenticator, **_):
    """The person has just proved to hold the new device: this session is verified."""
    if authenticator.type in STRONG:
        access.note_factor_change(user, at=timezone.now())
        django_otp.login(request, access.mfa.enrol(user=user))


@receiver(authenticator_removed)
def removed(sender, request, user, authenticator, **_):
    """Without an authenticator there is no device, and no session of the login is verified."""
    if not Authenticator.objects.filter(user=user, type__in=STRONG).exists():
        access.note_factor_change(user, at=timezone.now())
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


@receiver(user_logged_in)
def logged_in(sender, request, user, **_):
    """Writes the login down, keeps the time before it for the page, marks the session verified."""
    now = timezone.now()
    before = logins.signed_in(user=user, at=now, **_where(request))
    request.session[STARTED] = request.session[LAST_SEEN] = int(now.timestamp())
    if before is not None:
        request.session[PREVIOUS_LOGIN] = {
            "at": before.created_at.isoformat(),
            "device": before.device,
        }
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        device = MfaDevice.objects.filter(user=user).first()
        if device is not None:
            django_otp.login(request, device)


@receiver(user_logged_out)
def logged_out(sender, request, user, **_):
    """Writes down that the session ended, by choice or by idling."""
    if user is not None:
        logins.signed_out(user=user, at=timezone.now(), **_where(request))


def _where(request) -> dict:
    """Address and browser; a session that a shell begins has neither."""
    meta = getattr(request, "META", {})
    has_address = bool(meta.get("REMOTE_ADDR"))
    return {
        "ip_address": get_adapter(request).get_client_ip(request) if has_address else "",
        "device": devices.described(meta.get("HTTP_USER_AGENT", "")),
    }
