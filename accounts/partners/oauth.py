"""
Guards in front of allauth's identity provider: what its public doors leave to us.

PKCE with S256 for everybody, redirect addresses letter by letter, no silent consent, every
parameter once, apps and IP addresses that may, and a code or refresh token that comes twice ends
the whole family of tokens (reliability rule 28).
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime

from allauth.idp.oidc.models import Token
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

from accounts.partners import consents, queries
from accounts.partners.models import PartnerApp
from accounts.partners.refusals import AppClosed, BadAuthorization, NoSandbox, NoSuchPartner
from ledger.controls.models import BankFact
from wekeza.kit.actor import Actor

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # RFC 7636: SHA-256 in base64url.
BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})", re.ASCII)
ONCE = {"authorization_code": "code", "refresh_token": "refresh_token"}


def asked_by(query: QueryDict, *, written: str) -> PartnerApp:
    """
    This will give the app that sends a customer to us, if it does so soundly. `written` is the
    query as it came.

    :raises BadAuthorization: naming what is not sound; nobody is sent anywhere then.
    :raises AppClosed: if the app or its partner may not work now.
    :raises NoSandbox: if a sandbox app asks a customer of a real bank.
    """
    if BROKEN.search(written):  # oauthlib would stumble over it.
        raise BadAuthorization(what="%")
    if any(len(query.getlist(name)) > 1 for name in query):
        raise BadAuthorization(what="parameter twice")
    try:
        app = queries.app_of_client(query.get("client_id", ""))
    except NoSuchPartner as refusal:
        raise BadAuthorization(what="client_id") from refusal
    if query.get("redirect_uri") not in app.client.get_redirect_uris():
        raise BadAuthorization(what="redirect_uri")
    if query.get("response_type") != "code" or query.get("response_mode", "query") != "query":
        raise BadAuthorization(what="response_type")
    is_s256 = query.get("code_challenge_method") == "S256"
    if not (is_s256 and CHALLENGE.fullmatch(query.get("code_challenge", ""))):
        raise BadAuthorization(what="code_challenge S256")
    if not query.get("state"):
        raise BadAuthorization(what="state")
    if not app.is_working:
        raise AppClosed
    if app.is_sandbox and not BankFact.objects.filter(is_demo=True).exists():
        raise NoSandbox
    return app


def exchange(request: HttpRequest, token: Callable, *, address: str, at: datetime) -> HttpResponse:
    """
    This will let allauth's token door answer, for apps that may work, from where they may; a code
    or refresh token passes once, and its second coming ends every token that came of it.
    """
    app = _app_of(request, address=address)
    if app is None or not app.is_working:
        return _error("invalid_client", 401)
    if request.GET:
        return _error("invalid_request", 400)
    name = ONCE.get(request.POST.get("grant_type", ""))
    digest = hashlib.sha256(request.POST.get(name, "").encode()).hexdigest() if name else ""
    try:
        with transaction.atomic():
            response = token(request)
            if response.status_code == 200:
                _check_and_spend(response, app, digest=digest, at=at)
    except IntegrityError:  # Two came at once; the other one was first.
        response = _error("invalid_grant", 400)
    except NoSuchPartner:  # allauth read another app's name out of the request than we did.
        response = _error("invalid_client", 401)
    if response.status_code != 200 and digest:
        consents.end_family(digest=digest, at=at, actor=actor_of(app))
    return response


def revoke(request: HttpRequest, door: Callable, *, address: str) -> HttpResponse:
    """
    This will let allauth's door throw a token away for the app that it was issued to (RFC 7009,
    2.1): another app that got hold of it ends nothing.
    """
    app = _app_of(request, address=address)
    if app is None:
        return _error("invalid_client", 401)
    if request.GET:
        return _error("invalid_request", 400)
    tokens = Token.objects.by_value(request.POST.get("token", ""))
    if tokens.exclude(client=app.client_id).exists():
        return _error("invalid_grant", 400)
    return door(request)


def actor_of(app: PartnerApp) -> Actor:
    """This will name an app as who acts; its partner is the person behind it."""
    return Actor("PARTNER", str(app.public_id), person=f"partner:{app.partner_id}")


def _check_and_spend(response, app: PartnerApp, *, digest: str, at: datetime) -> None:
    value = json.loads(response.content)["access_token"]
    token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value)
    if token is None or token.client_id != app.client_id:
        raise NoSuchPartner
    if digest:
        consents.spend(digest=digest, client=app.client, user=token.user, at=at)


def _app_of(request: HttpRequest, *, address: str) -> PartnerApp | None:
    """
    Whose key it is allauth checks; here is only looked which app says it calls, and whether from
    where it may. The log names that app.
    """
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    client_id = request.POST.get("client_id", "")
    if kind.lower() == "basic":
        try:
            client_id = base64.b64decode(sent).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return None
    try:
        app = queries.app_of_client(client_id)
    except NoSuchPartner:
        return None
    request.known_as = app.key
    return app if queries.is_from_home(app, address=address) else None


def _error(code: str, status: int) -> HttpResponse:
    return JsonResponse({"error": code}, status=status)
