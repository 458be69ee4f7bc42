"""The pages between the right password and being in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import devices, login_codes, logins, passwords, queries, sessions, stages
from accounts.access.forms import CodeForm, NewPasswordAtLogin
from accounts.access.models import DeviceSession
from accounts.access.refusals import CodeTooSoon
from accounts.notifications import operations as notifications
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal


@never_cache
@sensitive_post_parameters("code")
@stages.only_at(stages.CodeStage)
def login_code(request):
    """The code that was sent after the password; wrong ones are counted and written down."""
    user, at = request.login_stage.login.user, timezone.now()
    if "resend" in request.POST:
        return _send_again(request, user, at=at)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            login_codes.verify(user, code=form.cleaned_data["code"], at=at)
            return request.login_stage.exit()
        except Refusal as refusal:
            logins.wrong_code(user, facts=devices.facts_of(request), at=at)
            form.add_error("code", str(refusal))
    facts = {
        "form": form,
        "is_texted": user.login_code == login_codes.Channel.SMS,
        "phone": user.phone,
        "off_until": queries.sending_off_until(user, at=at),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/access/login_code.html", facts, status=status)


@never_cache
@sensitive_post_parameters()
@stages.only_at(stages.NewPasswordStage)
def new_password(request):
    """A new password in place of one that is older than the bank allows."""
    user, at = request.login_stage.login.user, timezone.now()
    form = NewPasswordAtLogin(user=user, data=request.POST or None)
    if form.is_valid():
        passwords.choose(user, password=form.cleaned_data["password1"], at=at)
        actor = Actor("LOGIN", str(user.pk))
        sessions.end_others(user, why=DeviceSession.Ended.PASSWORD, at=at, actor=actor)
        facts = {"timestamp": at, "ip": devices.facts_of(request).ip_address}
        notifications.queue(user=user, channel="EMAIL", kind="password_changed", context=facts)
        messages.success(request, _("Your password is changed."))
        return request.login_stage.exit()
    status = 422 if form.errors else 200
    return render(request, "accounts/access/new_password.html", {"form": form}, status=status)


def _send_again(request, user, *, at):
    try:
        login_codes.send(user, at=at)
        messages.success(request, _("We have sent a new code. The old one no longer works."))
    except CodeTooSoon as refusal:
        messages.warning(request, str(refusal))
    except Refusal:
        pass  # The page itself says that codes are off, and until when.
    return redirect(stages.CodeStage.urlname)
