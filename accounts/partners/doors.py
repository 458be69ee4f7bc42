"""
The addresses at which apps and their customers meet the bank: allauth's identity provider behind
our guards. What it could do besides (devices, silent consent, registration of clients, logout) has
no address here.
"""

import json
import time
from functools import wraps
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import get_adapter as account_adapter
from allauth.idp.oidc import views as idp
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.access.refusals import CodeLocked, NoPin, WrongPin
from accounts.deposits import queries as deposit_queries
from accounts.gateway import operations as calls
from accounts.partners import consents, forms, oauth, queries
from accounts.partners.refusals import BadAuthorization
from wekeza.kit import throttles
from wekeza.kit.errors import Refusal
from wekeza.kit.problems import TooManyRequests

ABOUT_THE_PIN = (WrongPin, CodeLocked, NoPin)


@method_decorator(sensitive_post_parameters("pin"), name="dispatch")
class Authorize(idp.AuthorizationView):
    """A customer decides what an app may see. The app was looked at before anything is shown."""

    form_class = forms.Agree
    template_name = "accounts/partners/agree.html"

    def get(self, request, *args, **kwargs):
        try:
            oauth.asked_by(request.GET, written=request.META["QUERY_STRING"])
            if "none" in request.GET.get("prompt", "").split():
                return _back(request, self._redirect("interaction_required"))
            if request.user.is_authenticated and not hasattr(request.user, "customer"):
                raise BadAuthorization(what="login without an account")
        except Refusal as refusal:
            return _refused(request, refusal)
        return _back(request, super().get(request, *args, **kwargs))

    def post(self, request, *args, **kwargs):
        if not request.POST.get("request"):
            return _refused(request, BadAuthorization(what="request"))
        if not hasattr(request.user, "customer"):
            return _refused(request, BadAuthorization(what="login without an account"))
        return _back(request, super().post(request, *args, **kwargs))

    def form_valid(self, form):
        request = self.request
        try:
            consents.agree(
                queries.app_of_client(self._request_info["client_id"]),
                customer=request.user.customer,
                pin=form.cleaned_data["pin"],
                scopes=form.cleaned_data["scopes"],
                accounts=form.cleaned_data["accounts"],
                days=form.cleaned_data["days"],
                language=get_language(),
                at=timezone.now(),
                actor=request.actor,
            )
        except ABOUT_THE_PIN as refusal:
            form.add_error("pin", str(refusal))
            return self.form_invalid(form)
        except Refusal as refusal:
            return _refused(request, refusal)
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_form_kwargs(self):
        shared = deposit_queries.open_held_by(self.request.actor)
        return super().get_form_kwargs() | {"holdings": shared}

    def get_context_data(self, **kwargs):
        app = queries.app_of_client(self._request_info["client_id"])
        language = get_language()
        facts = {
            "app": app,
            "sentences": consents.text_of(app, self._scopes, language=language),
            "can_pay": "payments.write" in self._scopes,
            "back_to": urlsplit(self._request_info["redirect_uri"]).hostname,
        }
        return super().get_context_data(**kwargs) | facts

    def _redirect(self, error: str) -> HttpResponse:
        asked = self.request.GET
        query = urlencode({"error": error, "state": asked["state"]})
        joint = "&" if urlsplit(asked["redirect_uri"]).query else "?"
        where = f"{asked['redirect_uri']}{joint}{query}"
        return HttpResponse(status=302, headers={"Location": where})


def _of_programs(door):
    """Every call is counted for its address, and stands in the log of the API as the others do."""

    @csrf_exempt
    @require_POST
    @wraps(door)
    def answer(request):
        at, began = timezone.now(), time.monotonic()
        address = account_adapter().get_client_ip(request)
        try:
            throttles.take("address", address)
            response = door(request, address=address, at=at)
        except TooManyRequests as refusal:
            response = JsonResponse({"error": "temporarily_unavailable"}, status=refusal.status)
            response["Retry-After"] = str(refusal.facts["retry_after"])
        response["Cache-Control"] = "no-store"
        response.error_code = _error_of(response)
        ms = int((time.monotonic() - began) * 1000)
        calls.note(request=request, principal=None, response=response, ms=ms, at=at)
        return response

    return answer


def _error_of(response: HttpResponse) -> str:
    """The error of RFC 6749, 5.2, as the log has it."""
    return json.loads(response.content)["error"].upper() if response.status_code >= 400 else ""


@_of_programs
def token(request, *, address, at):
    """Codes, refresh tokens and keys against short tokens."""
    return oauth.exchange(request, idp.token, address=address, at=at)


@_of_programs
def revoke(request, *, address, at):
    """An app throws a token away (RFC 7009)."""
    return oauth.revoke(request, idp.revoke, address=address)


@require_GET
def metadata(request):
    """Where everything is and what is spoken here (RFC 8414)."""
    here = settings.SITE_URL
    return JsonResponse(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/identity/o/authorize",
            "token_endpoint": f"{here}/identity/o/api/token",
            "revocation_endpoint": f"{here}/identity/o/api/revoke",
            "scopes_supported": [scope.code for scope in queries.scopes()],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": [
                "authorization_code",
                "refresh_token",
                "client_credentials",
            ],
            "token_endpoint_auth_methods_supported": settings.IDP_OIDC_AUTH_METHODS,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": f"{here}/developers/",
        }
    )


def _back(request, response: HttpResponse) -> HttpResponse:
    """
    A way out of the bank leads over a page of ours: browsers let no form send people elsewhere
    under our content policy, and whoever leaves sees where to. We are named as issuer (RFC 9207).
    """
    where = urlsplit(response.headers.get("Location", ""))
    if response.status_code != 302 or not where.netloc:
        return response
    query = f"{where.query}&{urlencode({'iss': settings.SITE_URL})}"
    facts = {
        "url": urlunsplit(where._replace(query=query)),
        "host": where.hostname,
        "is_shared": "code=" in where.query,
    }
    page = render(request, "accounts/partners/leave.html", facts)
    page["Refresh"] = f"0; url={facts['url']}"
    page["Referrer-Policy"] = "no-referrer"
    page["Cache-Control"] = "no-store"
    return page


def _refused(request, refusal: Refusal) -> HttpResponse:
    facts = {"refusal": refusal}
    return render(request, "accounts/partners/refused.html", facts, status=refusal.status)


authorize = Authorize.as_view()
authorize.csrf_exempt = False  # allauth lets other sites post here; our pages alone do.

_oidc = [
    path("authorize", authorize, name="authorization"),
    path("api/token", token, name="token"),
    path("api/revoke", revoke, name="revoke"),
]
urlpatterns = [
    path("identity/o/", include(([path("", include((_oidc, "oidc")))], "idp"))),
    path(".well-known/oauth-authorization-server", metadata, name="oauth_metadata"),
]
