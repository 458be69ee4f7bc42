"""Signing in and out for programs, and who one is."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import BaseParser

from accounts.access import tokens
from accounts.access.refusals import (
    BadToken,
    CodeExpired,
    CodeLocked,
    CodeReplaced,
    CodeSent,
    CodeUsed,
    MfaRequired,
    NoAuthenticator,
    PasswordTooOld,
    RegistrationUnfinished,
    StaffNeedsApp,
    TokenExpired,
    TokenReused,
    TokenRevoked,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from accounts.access.sign_in import sign_in
from wekeza.kit.api import PERSONS, Door, Fields, Secret, Text, operation
from wekeza.kit.strict import StrictForm, StrictJson
from wekeza.kit.words import masked_phone

TAG = "Signing in"
NOT_IN = [
    WrongPassword,
    TooManyTries,
    MfaRequired,
    CodeSent,
    WrongCode,
    CodeUsed,
    NoAuthenticator,
    CodeExpired,
    CodeReplaced,
    CodeLocked,
    PasswordTooOld,
    RegistrationUnfinished,
    StaffNeedsApp,
]
WHO = {"username": "amina@example.com", "password": "a quiet river at noon"}


class Credentials(Fields):
    """What the login page asks for."""

    username = Text(max_length=254, help_text="E-mail address or phone number.")
    password = Secret()
    otp = Text(
        max_length=20,
        required=False,
        default="",
        help_text="The code of the app, a recovery code, or the code that we sent, where needed.",
    )


class PasswordGrant(Credentials):
    """The password form of OAuth 2 (RFC 6749, 4.3)."""

    grant_type = serializers.ChoiceField(["password"], required=False)
    scope = Text(required=False, allow_blank=True, max_length=200)


class AccessToken(Fields):
    """Send it as `Authorization: Bearer …`."""

    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class TokenPair(AccessToken):
    """An access token, and the refresh token that gets the next pair, once."""

    refresh_token = serializers.CharField()
    refresh_expires_in = serializers.IntegerField(help_text="Seconds.")


class RefreshGrant(Fields):
    """The newest refresh token that you were given."""

    refresh_token = Secret(max_length=80)


class Me(Fields):
    """The login behind the token."""

    kind = serializers.CharField(help_text="CUSTOMER, STAFF, or LOGIN before the account is open.")
    email = serializers.EmailField()
    phone = serializers.CharField(help_text="Mostly hidden.")
    name = serializers.CharField()
    customer_id = serializers.UUIDField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    language = serializers.CharField()


class Ended(Fields):
    """How many sessions were ended."""

    ended = serializers.IntegerField()


class Token(Door):
    """POST /token (000:173-177)."""

    is_open = True
    tag = TAG
    parser_classes: list[type[BaseParser]] = [StrictForm, StrictJson]

    @operation(
        takes=PasswordGrant,
        gives={200: AccessToken},
        refuses=NOT_IN,
        quota="sign_in",
        summary="Get a token for 30 minutes",
        about="For scripts. There is no refresh token; sign in again when it has expired.",
        example=WHO,
    )
    def post(self, request):
        return _signed_in(request, is_short=True)


class Login(Door):
    """POST /api/v1/auth/login (003:163-170)."""

    is_open = True
    tag = TAG

    @operation(
        takes=Credentials,
        gives={200: TokenPair},
        refuses=NOT_IN,
        quota="sign_in",
        summary="Sign in",
        about="An access token for 60 minutes and a refresh token for 7 days.",
        example=WHO,
    )
    def post(self, request):
        return _signed_in(request, is_short=False)


class Refresh(Door):
    """POST /api/v1/auth/refresh."""

    is_open = True
    tag = TAG

    @operation(
        takes=RefreshGrant,
        gives={200: TokenPair},
        refuses=[BadToken, TokenExpired, TokenRevoked, TokenReused],
        quota="sign_in",
        summary="Renew the tokens",
        about=(
            "Each refresh token is good once. One that comes again was copied: the whole sign-in "
            "ends, and its owner is told."
        ),
        example={"refresh_token": "wkr_…"},
    )
    def post(self, request):
        return tokens.refresh(request.facts["refresh_token"], at=timezone.now())


class Logout(Door):
    """POST /api/v1/auth/logout."""

    tag = TAG

    @operation(
        gives={204: None},
        kinds=PERSONS,
        summary="Sign out",
        about="Ends this sign-in with all its tokens at once; other sign-ins stay.",
    )
    def post(self, request):
        tokens.end(
            request.auth.family,
            because=tokens.Ended.OUT,
            at=timezone.now(),
            actor=request.auth.actor,
        )


class LogoutEverywhere(Door):
    """POST /api/v1/auth/logout/everywhere."""

    tag = TAG

    @operation(
        gives={200: Ended},
        kinds=PERSONS,
        summary="Sign out everywhere",
        about="Ends every session of this login, of programs and in browsers, this one too.",
    )
    def post(self, request):
        ended = tokens.end_all(request.user, at=timezone.now(), actor=request.auth.actor)
        return {"ended": ended}


class WhoAmI(Door):
    """GET /users/me (000:178) and /api/v1/auth/me."""

    tag = TAG

    @operation(
        gives={200: Me},
        kinds=PERSONS,
        summary="See whose token it is",
    )
    def get(self, request):
        user, customer = request.user, getattr(request.user, "customer", None)
        return {
            "kind": request.auth.kind,
            "email": user.email,
            "phone": masked_phone(user.phone) if user.phone else "",
            "name": customer.full_name if customer else "",
            "customer_id": customer.public_id if customer else None,
            "tier": customer.tier_id if customer else None,
            "language": user.language,
        }


def _signed_in(request, *, is_short: bool):
    facts = request.facts
    return sign_in(
        request._request,
        login=facts["username"],
        password=facts["password"],
        otp=facts["otp"],
        is_short=is_short,
        at=timezone.now(),
    )
