"""Security settings, the PIN, and the answer to somebody who is too fast."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import gate, queries
from accounts.access import operations as access
from accounts.access.forms import ChangePin, ConfirmByCode, ConfirmByPin
from accounts.access.refusals import CodeLocked, CodeTooSoon, WeakPin, WrongPin
from accounts.access.step_up import Change
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

WAIT = timedelta(minutes=5)
CONFIRM = "accounts/access/confirm.html"
PAGE_OF = {
    Change.PHONE: "account_change_phone",
    Change.EMAIL: "account_email",
    Change.APP_ON: "mfa_activate_totp",
    Change.APP_OFF: "mfa_deactivate_totp",
    Change.CODES: "mfa_view_recovery_codes",
    Change.API_KEY: "accounts:partners:key_after_confirm",
}


@login_required
@require_GET
def security(request):
    """Password, PIN, two-step codes, and who signed in."""
    user = request.user
    return render(
        request,
        "accounts/access/security.html",
        {
            "has_authenticator": queries.has_authenticator(user),
            "has_pin": queries.has_pin(user),
            "off_until": queries.sending_off_until(user, at=timezone.now()),
            "logins": queries.logins_of(user),
        },
    )


@login_required
@sensitive_post_parameters()
def change_pin(request):
    """The present PIN and the new one; refused as the PIN itself is, with the tries left."""
    form = ChangePin(request.POST or None)
    if form.is_valid():
        try:
            access.change_pin(
                request.user,
                old_pin=form.cleaned_data["old_pin"],
                new_pin=form.cleaned_data["new_pin"],
                at=timezone.now(),
                actor=request.actor,
            )
            messages.success(request, _("Your PIN is changed. Use the new one from now on."))
            return to_page(request, "accounts:access:security")
        except Refusal as refusal:
            field = {WeakPin: "new_pin", WrongPin: "old_pin"}.get(type(refusal))
            form.add_error(field, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/access/change_pin.html", {"form": form}, status=status)


@login_required
@sensitive_post_parameters()
def confirm(request, change: str):
    """The PIN, then the code that came to the phone of now, before a change that protects money."""
    if change not in PAGE_OF:
        raise Http404
    try:
        way = gate.way_begun(request, change=change)
        if request.method == "POST" and "text" in request.POST and _may_be_texted(change, way):
            return _text_code(request, change)
        if not way:
            return _confirm_pin(request, change)
        return _confirm_code(request, change, way)
    except Refusal as refusal:
        facts = _about(request, change) | {"problem": str(refusal)}
        return render(request, CONFIRM, facts, status=refusal.status)


def _confirm_pin(request, change):
    data = request.POST if request.method == "POST" else None
    form = ConfirmByPin(data, has_pin=queries.has_pin(request.user))
    if form.is_valid():
        pin = form.cleaned_data.get("pin", "")
        try:
            way = access.step_up.begin(request.user, change=change, pin=pin, at=timezone.now())
            gate.note_pin(request, change=change, way=way)
            return to_page(request, "accounts:access:confirm", change)
        except (WrongPin, CodeLocked) as refusal:
            form.add_error("pin" if "pin" in form.fields else None, str(refusal))
    else:
        access.step_up.way_of(request.user)  # Whoever has no way hears it before the PIN.
    status = 422 if form.errors else 200
    return render(request, CONFIRM, _about(request, change) | {"form": form}, status=status)


def _confirm_code(request, change, way):
    form = ConfirmByCode(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            access.step_up.finish(
                request.user,
                change=change,
                way=way,
                code=code,
                at=timezone.now(),
                actor=request.actor,
            )
            gate.note_code(request, change=change)
            return to_page(request, PAGE_OF[change])
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    facts = _about(request, change) | {"form": form, "is_texted": way == access.step_up.Way.TEXT}
    return render(request, CONFIRM, facts, status=422 if form.errors else 200)


def _text_code(request, change):
    try:
        access.step_up.text_code(request.user, change=change, at=timezone.now())
        messages.success(request, _("We have sent a new code. The old one no longer works."))
    except CodeTooSoon as refusal:
        messages.warning(request, str(refusal))
    gate.note_way(request, way=access.step_up.Way.TEXT)
    return to_page(request, "accounts:access:confirm", change)


def _may_be_texted(change, way) -> bool:
    """With an app its code is wanted; only whoever lost it turns it off by text, and then waits."""
    return way == access.step_up.Way.TEXT or (bool(way) and change == Change.APP_OFF)


def _about(request, change) -> dict:
    change = Change(change)
    return {
        "change": change,
        "phone": request.user.phone,
        "may_lack_app": change == Change.APP_OFF,
    }


def too_many_requests(request, exception=None):
    """Somebody, or a whole network, asked too often; says when it is worth trying again."""
    facts = {"again_at": timezone.now() + WAIT}
    response = render(request, "errors/429.html", facts, status=429)
    response["Retry-After"] = str(int(WAIT.total_seconds()))
    return response
