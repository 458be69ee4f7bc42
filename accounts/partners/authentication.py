"""
Whose token it is that an app sent. Only the doors of /api/v1/partner/ know this kind of token: the
others show people their own accounts, and an app sees what was chosen for it and nothing else.
"""

from allauth.idp.oidc.models import Token
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication

from accounts.access.authentication import bearer_of
from accounts.access.context import address_of
from accounts.access.refusals import BadToken
from accounts.partners import oauth, queries
from accounts.partners.queries import Grant
from accounts.partners.refusals import AddressNotAllowed, AppClosed, NoSuchPartner
from wekeza.kit.principal import Principal


class PartnerToken(BaseAuthentication):
    """`Authorization: Bearer …` with a token of /identity/o/api/token."""

    refuses = (BadToken,)

    def authenticate(self, request):
        """
        :raises BadToken: if there is no such token, or its time is over.
        :raises AppClosed: if the app or its partner may not work now.
        :raises AddressNotAllowed: if it calls from somewhere else than it said.
        """
        value = bearer_of(request)
        if not value:
            return None
        token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value)
        if token is None or (token.user is not None and not token.user.is_active):
            raise BadToken
        try:
            app = queries.app_of_client(token.client_id)
        except NoSuchPartner as refusal:
            raise BadToken from refusal
        request._request.known_as = app.key  # The log names it although it is refused below.
        if not app.is_working:
            raise AppClosed
        address = address_of(request._request)
        if not queries.is_from_home(app, address=address):
            raise AddressNotAllowed(address=address)
        scopes = frozenset(token.get_scopes()) & frozenset(app.client.get_scopes())
        request.grant = Grant(app, scopes, token.user)
        principal = Principal(
            kind="PARTNER",
            key=app.key,
            actor=oauth.actor_of(app),
            user=token.user,
            scopes=scopes,
            per_minute=queries.quota_of(app, at=timezone.now()).per_minute,
        )
        request._request.actor = principal.actor
        return token.user, principal

    def authenticate_header(self, request):
        return 'Bearer realm="Wekeza"'
