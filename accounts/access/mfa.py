"""
The authenticator app as a way to authorise: allauth.mfa keeps the secret, the MfaDevice row locks,
counts and remembers spent codes in the database (its own cache may be away).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import django_otp
from django.db import transaction

from accounts.access import policy, queries
from accounts.access.models import MfaDevice, User, count_try, is_locked
from accounts.access.refusals import CodeLocked, NoAuthenticator, WrongCode


def verify(*, user: User, code: str, at: datetime, intent_digest: str = "") -> None:
    """
    This will accept a code of the login's authenticator app once, or refuse and count the try; a
    transaction of its own, called before the deed's. The same code passes again only for the same
    `intent_digest`, so that a second tap of one payment finds its receipt.

    :raises WrongCode: if it is not right, or was used before; says how many tries are left.
    :raises CodeLocked: at the fifth wrong try, and for 30 minutes after it.
    :raises NoAuthenticator: if the login has none.
    """
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    if not queries.has_authenticator(user):
        raise NoAuthenticator()
    device = _device_of(user)
    attempt = policy.Try(
        code if policy.is_digits(code, 6) else "", at=at, intent_digest=intent_digest
    )
    with transaction.atomic(durable=True):
        passed = django_otp.verify_token(user, device.persistent_id, attempt)
    if passed is not None:
        return
    device.refresh_from_db()
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    raise WrongCode(left=policy.CODE_TRIES - device.failures)


@transaction.atomic
def enrolled(*, user: User) -> MfaDevice:
    """This will give the login's device, made when its first authenticator was added."""
    return _device_of(user)


@transaction.atomic
def left(*, user: User) -> None:
    """This will drop the login's device: its last authenticator was removed."""
    MfaDevice.objects.filter(user=user).delete()


@contextmanager
def spending_at_login(*, user: User, code: str, at: datetime) -> Iterator[None]:
    """
    This will hold the device's row while a code signs somebody in (allauth checks the code itself),
    and remember the code, so that it authorises nothing else. Works for recovery codes too.

    :raises WrongCode: if the code was used before.
    :raises CodeLocked: while too many wrong codes keep the device locked.
    """
    with transaction.atomic():
        device = MfaDevice.objects.select_for_update().filter(user=user).first()
        if device is None:
            yield
            return
        if is_locked(device, at=at):
            raise CodeLocked.over(device.locked_until)
        spent = policy.keyed_code(code, scope=f"mfa:{user.pk}")
        if spent in device.spent_codes:
            raise WrongCode(left=policy.CODE_TRIES - device.failures)
        yield
        device.spent_codes = [spent, *device.spent_codes][: policy.SPENT_CODES_KEPT]
        device.last_intent_digest = ""
        count_try(device, is_right=True, most=policy.CODE_TRIES, at=at)


@transaction.atomic
def wrong_at_login(*, user: User, at: datetime) -> None:
    """This will count a wrong code at signing in; five lock the authenticator for 30 minutes."""
    device = MfaDevice.objects.select_for_update().filter(user=user).first()
    if device is not None:
        count_try(device, is_right=False, most=policy.CODE_TRIES, at=at)


def _device_of(user: User) -> MfaDevice:
    device, _ = MfaDevice.objects.get_or_create(user=user, defaults={"name": "allauth.mfa"})
    return device
