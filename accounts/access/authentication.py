"""Whose token it is that a program sent: a person's own."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication

from accounts.access import devices, queries, sessions, tokens
from accounts.access.middleware import actor_of
from accounts.access.refusals import BadToken, StaffNeedsApp, TokenExpired, TokenRevoked
from wekeza.kit.principal import Principal

SCHEME = "bearer"


class OwnToken(BaseAuthentication):
    """
    `Authorization: Bearer …` with a token of /token or /api/v1/auth/login. A token that is visibly
    of another kind is left to the other classes of REST_FRAMEWORK.
    """

    refuses = (BadToken, TokenExpired, TokenRevoked, StaffNeedsApp)

    def authenticate(self, request):
        """
        :raises BadToken: and the other refusals of `tokens.read`.
        :raises StaffNeedsApp: if the login is of staff, and its app is gone since it signed in.
        """
        token = bearer_of(request)
        if not token or not tokens.looks_like_ours(token):
            return None
        now = timezone.now()
        family, session = tokens.read(token, at=now)
        if family.user.is_staff and not queries.has_authenticator(family.user):
            raise StaffNeedsApp
        sessions.seen(session, facts=devices.facts_of_program(request._request), at=now)
        principal = principal_of(family.user, family=str(family.public_id))
        request._request.actor, request._request.program_session = principal.actor, session
        return family.user, principal

    def authenticate_header(self, request):
        return 'Bearer realm="Wekeza"'


def bearer_of(request) -> str:
    """
    This will give the token of a request; nothing if it has none.

    :raises BadToken: if the header is there but is not one word after "Bearer".
    """
    scheme, _gap, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return ""
    if not token or not token.isascii() or " " in token:
        raise BadToken
    return token


def principal_of(user, *, family: str = "") -> Principal:
    """This will make the principal of a person's own token."""
    actor = actor_of(user)
    key = str(actor).lower()
    return Principal(kind=actor.kind, key=key, actor=actor, user=user, family=family)
