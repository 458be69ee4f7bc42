"""
Signing in for a program's token: the same checks as the login page makes, by the same adapter.
Wrong passwords are counted before they are looked at, an unknown login costs as much work as a
known one, and after the password comes the code of whoever has an app or asked for one by text or
e-mail at each login.
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from accounts.access import (
    devices,
    login_codes,
    logins,
    mfa,
    passwords,
    phones,
    policy,
    queries,
    tokens,
)
from accounts.access.devices import Facts
from accounts.access.models import User
from accounts.access.refusals import (
    CodeLocked,
    CodeSent,
    MfaRequired,
    PasswordTooOld,
    RegistrationUnfinished,
    StaffNeedsApp,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from accounts.access.tokens import Issued


def sign_in(
    request, *, login: str, password: str, otp: str, is_short: bool, at: datetime
) -> Issued:
    """
    This will give tokens to whoever knows the password, and has the code where one is needed.

    :raises WrongPassword: for an unknown login, a wrong password, or a login that is shut.
    :raises TooManyTries: after five wrong passwords within fifteen minutes.
    :raises MfaRequired: if the login has two steps and no code came.
    :raises CodeSent: if the login asks for a code by text or e-mail, and none came: it was sent.
    :raises WrongCode: or CodeUsed, CodeExpired, CodeReplaced, CodeLocked, for the code that came.
    :raises PasswordTooOld: if the policy of the day wants a new one (SE22).
    :raises NoAuthenticator: for six digits of who has a passkey alone; a recovery code will do.
    :raises RegistrationUnfinished: before phone and e-mail address are confirmed.
    :raises StaffNeedsApp: for staff without an authenticator app.
    """
    user = _with_password(request, login, password)
    if user.is_staff and not queries.has_authenticator(user):
        raise StaffNeedsApp
    has_app = queries.has_authenticator(user) or queries.has_passkey(user)
    facts = devices.facts_of_program(request)
    if has_app or login_codes.is_asked(user):
        _check_code(user, otp, has_app=has_app, facts=facts, at=at)
    if not _is_confirmed(user):
        raise RegistrationUnfinished
    if passwords.is_expired(user, at=at):
        raise PasswordTooOld
    return tokens.begin(user, is_short=is_short, facts=facts, at=at)


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


def _check_code(user: User, code: str, *, has_app: bool, facts: Facts, at: datetime) -> None:
    code = code.replace(" ", "").replace("-", "")
    if not code and has_app:
        raise MfaRequired
    if not code:
        login_codes.send_unless_just_sent(user, at=at)
        raise CodeSent
    try:
        if not has_app:
            login_codes.verify(user, code=code, at=at)
        elif policy.is_digits(code, policy.CODE_DIGITS):
            mfa.verify(user=user, code=code, at=at)
        else:
            mfa.verify_recovery(user=user, code=code, at=at)
    except (WrongCode, CodeLocked):
        logins.wrong_code(user, facts=facts, at=at)
        raise


def _is_confirmed(user: User) -> bool:
    if user.is_staff:
        return True
    has_email = EmailAddress.objects.filter(user=user, verified=True).exists()
    return user.is_phone_verified and has_email
