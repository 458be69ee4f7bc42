"""The PIN and a code or a passkey, before a change of what protects the money (rule 26)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import devices, gate, queries
from accounts.access import operations as access
from accounts.access.forms import ConfirmByCode
from accounts.access.pin_forms import ConfirmByPassword, ConfirmByPin
from accounts.access.refusals import (
    CodeLocked,
    CodeTooSoon,
    NotTheHolder,
    PinTooNew,
    PinWaits,
    WrongPin,
)
from accounts.access.step_up import Change, Way
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

CONFIRM = "accounts/access/confirm.html"
PAGE_OF = {
    Change.PHONE: "account_change_phone",
    Change.EMAIL: "account_email",
    Change.APP_ON: "mfa_activate_totp",
    Change.APP_OFF: "mfa_deactivate_totp",
    Change.PASSKEY_ON: "mfa_add_webauthn",
    Change.PASSKEY_OFF: "mfa_list_webauthn",
    Change.CODES: "mfa_view_recovery_codes",
    Change.MAIN_PHONE: "accounts:customers:main_phone",
    Change.CONTACTS: "accounts:customers:profile",
    Change.DATA: "accounts:privacy:download",
    Change.LOGIN_CODE: "accounts:access:login_code",
    Change.QUESTIONS: "accounts:access:questions",
    Change.PIN: "accounts:access:new_pin",
    Change.API_KEY: "accounts:partners:key_after_confirm",
}
# Whoever lost the app, or the device with the passkey, turns it off by text, and then waits.
LOST = {Change.APP_OFF: Way.APP, Change.PASSKEY_OFF: Way.KEY}


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
            confirm_first = _confirm_password if change == Change.PIN else _confirm_pin
            return confirm_first(request, change)
        if "credential" in request.POST:
            return _confirm_passkey(request, change, way)
        return _confirm_code(request, change, way)
    except Refusal as refusal:
        facts = _about(request, change) | {
            "problem": str(refusal),
            "may_call": isinstance(refusal, PinWaits | CodeLocked),
        }
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
        except (WrongPin, CodeLocked, PinTooNew) as refusal:
            form.add_error("pin" if "pin" in form.fields else None, str(refusal))
    else:
        access.step_up.way_of(request.user)  # Whoever has no way hears it before the PIN.
    status = 422 if form.errors else 200
    return render(request, CONFIRM, _about(request, change) | {"form": form}, status=status)


def _confirm_password(request, change):
    form = ConfirmByPassword(request.POST if request.method == "POST" else None)
    user, now, device = request.user, timezone.now(), request.device_session.known_device
    if form.is_valid():
        try:
            facts = devices.facts_of(request)
            way = access.step_up.begin_by_password(
                user, **form.cleaned_data, device=device, facts=facts, at=now
            )
            gate.note_pin(request, change=change, way=way)
            return to_page(request, "accounts:access:confirm", change)
        except NotTheHolder as refusal:
            form.add_error(None, str(refusal))
    else:  # Whoever may not, or has no way, hears it before anything is typed.
        access.step_up.check_may_replace_pin(user, device=device, at=now)
        access.step_up.way_of(user)
    status = 422 if form.errors else 200
    return render(request, CONFIRM, _about(request, change) | {"form": form}, status=status)


def _confirm_code(request, change, way):
    form = ConfirmByCode(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            access.step_up.finish(
                request.user,
                change=change,
                way=way,
                code=form.cleaned_data["code"],
                at=timezone.now(),
                actor=request.actor,
            )
            return _confirmed(request, change)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    return _code_page(request, change, way, form)


def _confirm_passkey(request, change, way):
    try:
        access.step_up.finish_by_passkey(
            request.user,
            change=change,
            nonce=gate.nonce(request),
            credential=request.POST["credential"],
            host=request.get_host(),
            at=timezone.now(),
            actor=request.actor,
        )
    except Refusal as refusal:
        return _code_page(request, change, way, ConfirmByCode(), problem=str(refusal))
    return _confirmed(request, change)


def _confirmed(request, change):
    page = gate.page_after(request, change=change)
    gate.note_code(request, change=change)
    return to_page(request, page or PAGE_OF[change])


def _code_page(request, change, way, form, *, problem=""):
    facts = _about(request, change) | {
        "form": form,
        "problem": problem,
        "is_texted": way == Way.TEXT,
        "wants_code": way != Way.KEY,
    }
    if queries.has_passkey(request.user):
        facts["passkey"] = access.step_up.ask_passkey(
            request.user, change=change, nonce=gate.nonce(request), host=request.get_host()
        )
    return render(request, CONFIRM, facts, status=422 if form.errors or problem else 200)


def _text_code(request, change):
    try:
        access.step_up.text_code(request.user, change=change, at=timezone.now())
        messages.success(request, _("We have sent a new code. The old one no longer works."))
    except CodeTooSoon as refusal:
        messages.warning(request, str(refusal))
    gate.note_way(request, way=Way.TEXT)
    return to_page(request, "accounts:access:confirm", change)


def _may_be_texted(change, way) -> bool:
    return way == Way.TEXT or (bool(way) and way == LOST.get(change))


def _about(request, change) -> dict:
    change = Change(change)
    return {
        "change": change,
        "phone": request.user.phone,
        "may_be_lost": change in LOST,
        "is_only_read": change == Change.DATA,
    }
