"""Pages of those who build on the bank, and of the customers who let them in."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from accounts.access.gate import only_confirmed
from accounts.access.refusals import BadToken
from accounts.access.step_up import Change
from accounts.customers import queries as customer_queries
from accounts.partners import consents as agreements
from accounts.partners import forms, queries
from accounts.partners import operations as partners
from accounts.partners.refusals import (
    AppClosed,
    BadAuthorization,
    BadNetwork,
    BadRedirect,
    ConsentOver,
    NameTaken,
    NoSuchPartner,
    QuotaUsed,
)
from accounts.partners.secrets_once import keep_secret, take_secret
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

FIELD_OF = {BadNetwork: "networks", BadRedirect: "redirect_uris", NameTaken: "name"}
WAITING_APP = "partners_app"
# The refusals that developers meet first, with what to do; figures stand in the real answer.
SAID_OFTEN = [BadToken, AppClosed, ConsentOver, NoSuchPartner, BadAuthorization, QuotaUsed]
EXAMPLES = {
    BadAuthorization: _lazy("Look at the address: each parameter once, and S256"),
    QuotaUsed: _lazy("Wait as long as the header Retry-After says"),
}


def _mine(view):
    """Hands the view the app that the login may see; another's looks like none."""

    @login_required
    @wraps(view)
    def seen(request, public_id):
        try:
            return view(request, queries.app_of(request.user, public_id=public_id))
        except NoSuchPartner as refusal:
            raise Http404 from refusal

    return seen


@require_GET
def quickstart(request):
    """Five minutes to the first call; open to everybody."""
    language = get_language()
    facts = {
        "site": settings.SITE_URL,
        "scopes": [(scope.code, scope.words(language)) for scope in queries.scopes()],
        "errors": [(each.code.upper(), EXAMPLES.get(each) or each.text) for each in SAID_OFTEN],
    }
    return render(request, "accounts/partners/quickstart.html", facts)


@login_required
def apply(request):
    """A company asks to be let in."""
    if queries.partner_of(request.user):
        return redirect("accounts:partners:apps")
    form = forms.Apply(request.POST or None)
    if form.is_valid():
        try:
            partners.apply(
                request.user, **form.cleaned_data, at=timezone.now(), actor=request.actor
            )
            messages.success(request, _("We have your application. Sandbox apps work at once."))
            return to_page(request, "accounts:partners:apps")
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/partners/apply.html", {"form": form}, status=status)


@login_required
@require_GET
def apps(request):
    """The company and its apps."""
    partner = queries.partner_of(request.user)
    if partner is None:
        return redirect("accounts:partners:apply")
    facts = {"partner": partner, "apps": queries.apps_of(request.user)}
    return render(request, "accounts/partners/apps.html", facts)


@login_required
def new_app(request):
    """A new app, for trying or for real customers."""
    partner = queries.partner_of(request.user)
    if partner is None:
        return redirect("accounts:partners:apply")
    form = forms.NewApp(request.POST or None, scopes=queries.scopes(), language=get_language())
    if form.is_valid():
        try:
            made = partners.add_app(
                partner, **form.cleaned_data, at=timezone.now(), actor=request.actor
            )
            messages.success(request, _("The app is made. Make a key next."))
            return to_page(request, "accounts:partners:app", made.public_id)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), str(refusal))
    status = 422 if form.errors else 200
    facts = {"form": form, "partner": partner}
    return render(request, "accounts/partners/new_app.html", facts, status=status)


@_mine
def app(request, app):
    """One app: its client ID, keys, scopes and addresses. A new key is shown this once."""
    at = timezone.now()
    facts = {
        "app": app,
        "secret": take_secret(request),
        "keys": queries.keys_of(app, at=at),
        "quota": queries.quota_of(app, at=at),
    }
    return render(request, "accounts/partners/app.html", facts)


@_mine
def change_app(request, app):
    """What the app may ask for, and from where."""
    known = {
        "scopes": app.client.get_scopes(),
        "redirect_uris": app.client.get_redirect_uris(),
        "networks": app.networks,
    }
    form = forms.AppDetails(
        request.POST or None, initial=known, scopes=queries.scopes(), language=get_language()
    )
    if form.is_valid():
        try:
            partners.change_app(app, **form.cleaned_data, at=timezone.now(), actor=request.actor)
            messages.success(request, _("The app is changed."))
            return to_page(request, "accounts:partners:app", app.public_id)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), str(refusal))
    status = 422 if form.errors else 200
    facts = {"form": form, "app": app}
    return render(request, "accounts/partners/change_app.html", facts, status=status)


@_mine
def key(request, app):
    """A new key, after PIN and code; the old one works on for seven days."""
    request.session[WAITING_APP] = str(app.public_id)
    return _make_key(request, app)


@only_confirmed(Change.API_KEY)
def _make_key(request, app):
    if request.method != "POST":
        facts = {"app": app, "keys": queries.keys_of(app, at=timezone.now())}
        return render(request, "accounts/partners/key.html", facts)
    try:
        keep_secret(request, partners.issue_key(app, at=timezone.now(), actor=request.actor))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return to_page(request, "accounts:partners:app", app.public_id)


@login_required
@require_GET
def key_after_confirm(request):
    """Where the confirmation of a new key leads: back to the app it is for."""
    waiting = request.session.get(WAITING_APP)
    if waiting is None:
        return redirect("accounts:partners:apps")
    return redirect("accounts:partners:key", waiting)


@_mine
def leaked(request, app):
    """A key leaked: all keys and tokens end now."""
    if request.method != "POST":
        return render(request, "accounts/partners/leaked.html", {"app": app})
    partners.revoke_keys(app, at=timezone.now(), actor=request.actor)
    messages.success(request, _("All keys of this app have ended. Make a new one."))
    return to_page(request, "accounts:partners:app", app.public_id)


@_mine
def close_app(request, app):
    """An app ends for good."""
    if request.method != "POST":
        return render(request, "accounts/partners/close_app.html", {"app": app})
    try:
        partners.close_app(app, at=timezone.now(), actor=request.actor)
        messages.success(request, _("The app is closed."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return to_page(request, "accounts:partners:apps")


@_mine
def usage(request, app):
    """How much of its quota an app used, hour by hour and day by day."""
    at = timezone.now()
    facts = {
        "app": app,
        "quota": queries.quota_of(app, at=at),
        "hours": queries.hours_of(app, at=at),
        "days": queries.days_of(app),
    }
    return render(request, "accounts/partners/usage.html", facts)


@_mine
def logs(request, app):
    """The newest calls of an app: what was asked, how it ended, and the id to tell support."""
    only_errors = "errors" in request.GET
    calls = queries.calls_logged(app)
    calls = calls.filter(status__gte=400) if only_errors else calls
    facts = {"app": app, "calls": calls[: queries.MOST_ROWS], "only_errors": only_errors}
    return render(request, "accounts/partners/logs.html", facts)


@login_required
@require_GET
def consents(request):
    """Every app that the customer let in, with when it last looked."""
    customer = _customer(request)
    at = timezone.now()
    rows = [{"consent": row, "stands": row.stands(at)} for row in queries.consents_of(customer)]
    facts = {"consents": rows}
    return render(request, "accounts/partners/consents.html", facts)


@login_required
def consent(request, public_id):
    """One app: what it may see and do, what it may not, until when; and the way to end it."""
    try:
        row = queries.consent_of(_customer(request), public_id=public_id)
    except NoSuchPartner as refusal:
        raise Http404 from refusal
    at = timezone.now()
    if request.method == "POST":
        agreements.revoke(row, at=at, actor=request.actor)
        messages.success(
            request, _("{app} can’t see your accounts any more.").format(app=row.app.client.name)
        )
        return to_page(request, "accounts:partners:consents")
    facts = {
        "consent": row,
        "stands": row.stands(at),
        "sentences": agreements.text_of(row.app, row.scopes, language=get_language()),
        "can_pay": "payments.write" in row.scopes,
    }
    return render(request, "accounts/partners/consent.html", facts)


def _customer(request):
    customer = customer_queries.customer_of(request.user)
    if customer is None:
        raise Http404
    return customer
