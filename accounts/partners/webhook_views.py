"""The pages of an app's webhooks: addresses, what was sent to them, and each try."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.partners import forms, queries
from accounts.partners import webhooks as hooks
from accounts.partners.refusals import AppClosed, NoSuchPartner, UnsafeAddress
from accounts.partners.secrets_once import keep_secret, take_secret
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@login_required
def webhooks(request, public_id):
    """Where an app is told what happens, and the form for another address."""
    app = _found(queries.app_of, request, public_id)
    form = forms.NewWebhook(request.POST or None)
    if form.is_valid():
        try:
            made = hooks.add(app, **form.cleaned_data, at=timezone.now(), actor=request.actor)
            keep_secret(request, made.secret)
            return to_page(request, "accounts:partners:webhook", made.public_id)
        except UnsafeAddress as refusal:
            form.add_error("url", str(refusal))
        except AppClosed as refusal:
            form.add_error(None, str(refusal))
    facts = {"app": app, "form": form, "hooks": queries.hooks_of(app)}
    status = 422 if form.errors else 200
    return render(request, "accounts/partners/webhooks.html", facts, status=status)


@login_required
def webhook(request, public_id):
    """One address: its secret this once, what was sent to it, and what can be done."""
    hook = _found(queries.hook_of, request, public_id)
    if request.method == "POST":
        return _do(request, hook)
    facts = {
        "app": hook.app,
        "hook": hook,
        "secret": take_secret(request),
        "deliveries": queries.deliveries_of(hook),
        "now": timezone.now(),
    }
    return render(request, "accounts/partners/webhook.html", facts)


def _do(request, hook):
    at, actor = timezone.now(), request.actor
    try:
        if "renew" in request.POST:
            keep_secret(request, hooks.renew_secret(hook, at=at, actor=actor))
        elif "on" in request.POST:
            hooks.turn_on(hook, at=at, actor=actor)
            messages.success(request, _("The webhook is on. What waited is sent now."))
        elif "close" in request.POST:
            hooks.close(hook, at=at, actor=actor)
            messages.success(request, _("We send nothing to that address any more."))
            return to_page(request, "accounts:partners:webhooks", hook.app.public_id)
        elif "replay" in request.POST:
            delivery = _found(queries.delivery_of, request, request.POST["replay"])
            hooks.replay(delivery, at=at, actor=actor)
            messages.success(request, _("The event is on its way again."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return to_page(request, "accounts:partners:webhook", hook.public_id)


def _found(query, request, public_id):
    try:
        return query(request.user, public_id=public_id)
    except (NoSuchPartner, ValidationError) as refusal:  # An id that is none finds nothing.
        raise Http404 from refusal
