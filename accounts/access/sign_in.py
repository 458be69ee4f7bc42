"""
Signing in for a program's token: the same checks as the login page makes, by the same adapter.
Wrong passwords are counted before they are looked at, an unknown login costs as much work as a
known one, and an authenticator app is asked for after the password.
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from accounts.access import mfa, phones, policy, tokens
from accounts.access.models import User
from accounts.access.refusals import (
    MfaRequired,
    RegistrationUnfinished,
    StaffNeedsApp,
    TooManyTries,
    WrongPassword,
)
from accounts.access.tokens import Issued

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def sign_in(
    request, *, login: str, password: str, otp: str, is_short: bool, at: datetime
) -> Issued:
    """
    This will give tokens to whoever knows the password, and has the code where one is needed.

    :raises WrongPassword: for an unknown login, a wrong password, or a login that is shut.
    :raises TooManyTries: after five wrong passwords within five minutes.
    :raises MfaRequired: if the login has two steps and no code came.
    :raises WrongCode: or CodeUsed, CodeLocked, for the code that came.
    :raises RegistrationUnfinished: before phone and e-mail address are confirmed.
    :raises StaffNeedsApp: for staff without a second step.
    """
    user = _with_password(request, login, password)
    has_app = Authenticator.objects.filter(user=user, type__in=STRONG).exists()
    if has_app:
        _check_code(user, otp, at=at)
    elif user.is_staff:
        raise StaffNeedsApp
    if not _is_confirmed(user):
        raise RegistrationUnfinished
    return tokens.begin(
        user,
        is_short=is_short,
        user_agent=request.headers.get("User-Agent", ""),
        ip_address=get_adapter(request).get_client_ip(request),
        at=at,
    )


def _with_password(request, login: str, password: str) -> User:
    phone = phones.normalised(login)
    who = {"phone": phone} if phone else {"email": login.strip().lower()}
    try:
        user = get_adapter(request).authenticate(request, **who, password=password)
    except ValidationError as error:
        raise TooManyTries(retry_after=int(policy.LOGIN_SPAN.total_seconds())) from error
    if user is None:
        raise WrongPassword
    return user


def _check_code(user: User, code: str, *, at: datetime) -> None:
    code = code.replace(" ", "").replace("-", "")
    if not code:
        raise MfaRequired
    if policy.is_digits(code, policy.CODE_DIGITS):
        mfa.verify(user=user, code=code, at=at)
    else:
        mfa.verify_recovery(user=user, code=code, at=at)


def _is_confirmed(user: User) -> bool:
    if user.is_staff:
        return True
    has_email = EmailAddress.objects.filter(user=user, verified=True).exists()
    return user.is_phone_verified and has_email
