"""
Two-step login by a program: turned on and off with PIN and code (rule 26), on allauth's own pages.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp

from accounts.access import pages, pins, policy, queries, step_up
from accounts.access.models import User
from accounts.access.refusals import AppAlreadyOn, NoAuthenticator, StepGone, WrongStepCode
from accounts.access.step_up import Change
from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """The PIN was right; a code is wanted: of the app, or texted."""

    way: str
    next: str = "code"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the authenticator app has to know."""

    setup_token: str
    secret: str
    otpauth_url: str


@dataclass(frozen=True, slots=True)
class Status:
    """Whether two steps are on, and how many recovery codes are unused."""

    is_enabled: bool
    recovery_codes_left: int


def status_of(user: User) -> Status:
    """This will tell how a login stands with its second step."""
    return Status(queries.has_authenticator(user), len(_codes(user)))


def set_up(request, user: User, *, pin: str, code: str, at: datetime, actor: Actor):
    """
    This will begin to turn two steps on: PIN and texted code, then the secret for the app.

    :raises AppAlreadyOn: if there is an app.
    :raises WrongPin: or WrongCode, CodeExpired, CodeLocked and others of `step_up`.
    """
    if queries.has_authenticator(user):
        raise AppAlreadyOn
    waits = _prove(user, Change.APP_ON, pin=pin, code=code, at=at, actor=actor)
    if waits is not None:
        return waits
    page = pages.press(request, totp.activate_totp, user=user)
    facts = page.response.context_data
    return SetUp(pages.sealed(page, at=at), facts["form"].secret, facts["totp_url"])


def confirm(request, user: User, *, token: str, code: str, at: datetime) -> list[str]:
    """
    This will turn two steps on with the app's first code, and give the recovery codes.

    :raises StepGone: if the set-up is older than five minutes, or another's.
    :raises WrongStepCode: if it is not the app's code.
    """
    seconds = int(policy.STEP_UP_LASTS.total_seconds())
    key = pages.opened(token, user=user, at=at, seconds=seconds)
    page = pages.press(request, totp.activate_totp, {"code": code}, key=key, user=user)
    if page.errors:
        raise WrongStepCode
    if not queries.has_authenticator(user):
        raise StepGone
    page.request.session.flush()
    return _codes(user)


def turn_off(request, user: User, *, pin: str, code: str, at: datetime, actor: Actor):
    """
    This will turn two steps off, with PIN and the app's code.

    :raises NoAuthenticator: if they are off.
    :raises WrongPin: or WrongCode, CodeUsed, CodeLocked.
    """
    _check_on(user)
    waits = _prove(user, Change.APP_OFF, pin=pin, code=code, at=at, actor=actor)
    if waits is None:
        pages.press(request, totp.deactivate_totp, {}, user=user).request.session.flush()
    return waits


def renew_codes(request, user: User, *, pin: str, code: str, at: datetime, actor: Actor):
    """
    This will make new recovery codes in place of the old ones, with PIN and the app's code.

    :raises NoAuthenticator: if two steps are off.
    :raises WrongPin: or WrongCode, CodeUsed, CodeLocked.
    """
    _check_on(user)
    waits = _prove(user, Change.CODES, pin=pin, code=code, at=at, actor=actor)
    if waits is not None:
        return waits
    pages.press(request, recovery.generate_recovery_codes, {}, user=user).request.session.flush()
    return _codes(user)


def _check_on(user: User) -> None:
    if not queries.has_authenticator(user):
        raise NoAuthenticator


def _prove(user, change, *, pin, code, at, actor) -> Waiting | None:
    if not code:
        return Waiting(step_up.begin(user, change=change, pin=pin, at=at))
    way = step_up.way_of(user)
    if queries.has_pin(user):
        pins.verify(user=user, pin=pin, at=at)
    step_up.finish(user, change=change, way=way, code=code, at=at, actor=actor)
    return None


def _codes(user: User) -> list[str]:
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return kept.wrap().get_unused_codes() if kept else []
