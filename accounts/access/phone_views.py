"""Changing the phone in the settings: the new number, then the code that was texted to it."""

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import phone_changes
from accounts.access.forms import ChangePhone, CodeForm
from accounts.access.refusals import CodeTooSoon
from accounts.access.signals import DEVICE_SESSION
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

_NEW_PHONE = "new_phone"


@login_required
def change(request):
    """The new number; the next page is the same whoever has it."""
    user = request.user
    known = user.phone if user.is_phone_verified else None
    form = ChangePhone(request.POST or None, user=user, phone=known)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            _send(request, phone)
            request.session[_NEW_PHONE] = phone
            return to_page(request, "account_verify_phone")
        except CodeTooSoon:
            request.session[_NEW_PHONE] = phone  # The code of a moment ago is still good.
            return to_page(request, "account_verify_phone")
        except Refusal as refusal:
            form.add_error("phone", str(refusal))
    facts = {"form": form, "phone": user.phone}
    status = 422 if form.errors else 200
    return render(request, "account/phone_change.html", facts, status=status)


def verify(request, *args, **kwargs):
    """The code: allauth's page while registering, ours for who is signed in."""
    if not request.user.is_authenticated:
        return account.verify_phone(request, *args, **kwargs)
    phone = request.session.get(_NEW_PHONE)
    if phone is None:
        return redirect("accounts:customers:profile")
    if request.POST.get("action") == "resend":
        return _send_again(request, phone)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            phone_changes.finish(
                request.user,
                phone=phone,
                code=form.cleaned_data["code"],
                at=timezone.now(),
                actor=request.actor,
                keep_session=request.session.get(DEVICE_SESSION),
            )
            del request.session[_NEW_PHONE]
            messages.success(request, _("Your phone number is confirmed."))
            return to_page(request, "accounts:customers:profile")
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    facts = {"verify_form": form, "form": form, "phone": phone, "can_resend": True, "minutes": 5}
    facts["cancel_url"] = "/settings/profile/"
    status = 422 if form.errors else 200
    page = "account/confirm_phone_verification_code.html"
    return render(request, page, facts, status=status)


def _send(request, phone: str) -> None:
    host = request.get_host().partition(":")[0]
    phone_changes.send_code(request.user, phone=phone, host=host, at=timezone.now())


def _send_again(request, phone: str):
    try:
        _send(request, phone)
        messages.success(request, _("We have sent a new code. The old one no longer works."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return to_page(request, "account_verify_phone")
