"""An authenticator app as a customer would hold it."""

from base64 import b32decode, b32encode
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django_otp.oath import TOTP

from accounts.access import mfa
from accounts.access import operations as access

SECRET = b32encode(b"12345678901234567890").decode()  # The key of RFC 6238, appendix B.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def code_at(moment: datetime, secret: str = SECRET) -> str:
    """The six digits that the app shows at a moment."""
    clock = TOTP(b32decode(secret))
    clock.time = moment.timestamp()
    return f"{clock.token():06}"


def give_app(user, secret: str = SECRET, *, since: datetime = LONG_AGO) -> Authenticator:
    """An authenticator app for a login, as if it had been turned on in the settings long ago."""
    mfa.enrol(user=user)
    access.note_factor_change(user, at=since)
    return Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": encrypt(secret)},
        created_at=since,
    )
