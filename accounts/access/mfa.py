"""
The authenticator app as a way to sign in and to authorise: allauth.mfa keeps the secret, the
MfaDevice row locks, counts, and remembers in the database which code was used last (a cache may be
away).
"""

from datetime import datetime

import django_otp
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.db import transaction

from accounts.access import policy, queries
from accounts.access.models import MfaDevice, User, count_try, is_locked
from accounts.access.refusals import CodeLocked, CodeUsed, NoAuthenticator, WrongCode


def verify(*, user: User, code: str, at: datetime, intent_digest: str = "") -> None:
    """
    This will accept a code of the login's authenticator app once, or refuse and count the try; a
    transaction of its own, called before the deed's. The same code passes again only for the same
    `intent_digest`, so that a second tap of one payment finds its receipt.

    :raises WrongCode: if it is not right; says how many tries are left.
    :raises CodeUsed: if it signed in or authorised something before.
    :raises CodeLocked: at the fifth wrong try, and for 30 minutes after it.
    :raises NoAuthenticator: if the login has none.
    """
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    if not queries.has_authenticator(user):
        raise NoAuthenticator()
    device = enrol(user=user)
    attempt = policy.Try(code, at=at, intent_digest=intent_digest)
    with transaction.atomic(durable=True):
        passed = django_otp.verify_token(user, device.persistent_id, attempt)
    if passed is not None:
        return
    if attempt.was_used:
        raise CodeUsed()
    device.refresh_from_db()
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    raise WrongCode(left=policy.CODE_TRIES - device.failures)


def spend(*, user: User, code: str, at: datetime) -> None:
    """
    This will count the code that turned the app on as used, so that it does nothing more (RFC 6238,
    5.2): allauth, which judged it, does not.
    """
    attempt = policy.Try(code.replace(" ", "").replace("-", ""), at=at)
    with transaction.atomic():
        django_otp.verify_token(user, enrol(user=user).persistent_id, attempt)


def verify_recovery(*, user: User, code: str, at: datetime) -> Authenticator:
    """
    This will spend one recovery code, or refuse and count the try on the login's device.

    :raises WrongCode: if there is no such unused code; says how many tries are left.
    :raises CodeLocked: at the fifth wrong try, and for 30 minutes after it.
    """
    device = enrol(user=user)
    with transaction.atomic(durable=True):
        device = MfaDevice.objects.select_for_update().get(pk=device.pk)
        if is_locked(device, at=at):
            raise CodeLocked.over(device.locked_until)
        kind = Authenticator.Type.RECOVERY_CODES
        codes = Authenticator.objects.select_for_update().filter(user=user, type=kind).first()
        is_right = codes is not None and codes.wrap().validate_code(code)
        count_try(device, is_right=is_right, most=policy.CODE_TRIES, at=at)
    if is_right:
        return codes
    if is_locked(device, at=at):
        raise CodeLocked.over(device.locked_until)
    raise WrongCode(left=policy.CODE_TRIES - device.failures)


def authenticator_of(user: User) -> Authenticator | None:
    """This will give the login's authenticator app, if it has one."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


@transaction.atomic
def install_app(*, user: User, secret: str) -> None:
    """
    This will give a login an authenticator app whose key (base32) is known beforehand: to the first
    members of staff of a bank, and to those of the demo bank.
    """
    enrol(user=user)
    kind = Authenticator.Type.TOTP
    Authenticator.objects.get_or_create(
        user=user, type=kind, defaults={"data": {"secret": encrypt(secret)}}
    )


def enrol(*, user: User) -> MfaDevice:
    """This will give the login's device; it is made when the first authenticator is added."""
    device, _ = MfaDevice.objects.get_or_create(user=user, defaults={"name": "allauth.mfa"})
    return device


def leave(*, user: User) -> None:
    """This will drop the login's device: its last authenticator was removed."""
    MfaDevice.objects.filter(user=user).delete()
