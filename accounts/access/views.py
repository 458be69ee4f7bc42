"""Security settings: who is signed in, who was, the switches; and the answer to who is too fast."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import login_codes, passwords, queries, questions, sessions
from accounts.access import operations as access
from accounts.access.gate import only_confirmed
from accounts.access.models import DeviceSession
from accounts.access.pin_forms import ChangePin, NewPin
from accounts.access.refusals import WeakPin, WrongPin
from accounts.access.security_forms import (
    NONE,
    LoginCode,
    LoginHistory,
    SecurityQuestions,
)
from accounts.access.step_up import Change
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import own_page, to_page

PAGE = 25
WAIT = timedelta(minutes=5)  # allauth's own counters: registering, resetting.


@login_required
@require_GET
def security(request):
    """Password, PIN, second steps, where one is signed in, and who was."""
    user, at = request.user, timezone.now()
    facts = {
        "has_authenticator": queries.has_authenticator(user),
        "has_pin": queries.has_pin(user),
        "passkeys": queries.passkeys_of(user).count(),
        "sessions": queries.sessions_of(user).count(),
        "asks_questions": passwords.policy_at(at).asks_questions,
        "off_until": queries.sending_off_until(user, at=at),
        "logins": queries.logins_of(user, most=5),
    }
    return render(request, "accounts/access/security.html", facts)


@login_required
def sessions_page(request):
    """Where one is signed in; one session, the others or all can be ended from here."""
    if request.method == "POST":
        return _end_sessions(request)
    rows = queries.sessions_of(request.user)
    facts = {"rows": rows, "this": request.device_session}
    return render(request, "accounts/access/sessions.html", facts)


def _end_sessions(request):
    user, at, here = request.user, timezone.now(), request.device_session
    remote = DeviceSession.Ended.REMOTE
    if "all" in request.POST or request.POST.get("session") == str(here.public_id):
        if "all" in request.POST:
            sessions.end_others(user, why=remote, at=at, actor=request.actor)
        logout(request)
        return to_page(request, "account_login")
    if "others" in request.POST:
        keep = here.public_id
        number = sessions.end_others(user, why=remote, at=at, actor=request.actor, keep=keep)
        words = ngettext("{n} other session is ended.", "{n} other sessions are ended.", number)
        messages.success(request, words.format(n=number))
        return to_page(request, "accounts:access:sessions")
    try:
        sessions.end_one(
            user, public_id=request.POST.get("session", ""), at=at, actor=request.actor
        )
    except sessions.NoSuchSession as refusal:
        raise Http404 from refusal
    messages.success(request, _("That session is ended."))
    return to_page(request, "accounts:access:sessions")


@login_required
@require_GET
def logins_page(request):
    """Every attempt to sign in as this login, the newest first, by result and device (IA17)."""
    form = LoginHistory(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None
    rows = queries.logins_of(
        request.user,
        most=PAGE + 1,
        before=before,
        result=wanted.get("result", ""),
        device=wanted.get("device", ""),
    )
    here, kept = reverse("accounts:access:logins"), request.GET.copy()
    kept.pop("before", None)
    is_filtered = bool(kept.urlencode())
    older = kept.copy()
    older["before"] = str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    facts = {
        "form": form,
        "rows": rows[:PAGE],
        "older": f"{here}?{older.urlencode()}" if older["before"] else "",
        "newer": f"{here}?{kept.urlencode()}" if before else "",
        "clear": here,
        "is_filtered": is_filtered,
    }
    return render(request, "accounts/access/logins.html", facts)


@login_required
@only_confirmed(Change.LOGIN_CODE)
def login_code(request):
    """Whether a code by text or e-mail is asked for after the password."""
    user = request.user
    form = LoginCode(request.POST or None, initial={"channel": user.login_code or NONE})
    if form.is_valid():
        try:
            login_codes.choose(
                user,
                channel=form.cleaned_data["channel"],
                at=timezone.now(),
                actor=request.actor,
                keep_session=request.device_session.public_id,
            )
            messages.success(request, _("Saved. We have told you by text and e-mail."))
            return to_page(request, "accounts:access:security")
        except Refusal as refusal:
            form.add_error("channel", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/access/login_code_switch.html", {"form": form}, status=status)


@login_required
@only_confirmed(Change.QUESTIONS)
def choose_questions(request):
    """Two questions that a reset of the password asks, where the bank asks any at all (X16)."""
    at = timezone.now()
    if not passwords.policy_at(at).asks_questions:
        raise Http404
    form = SecurityQuestions(request.POST or None)
    if form.is_valid():
        try:
            questions.choose(request.user, answers=form.answers, at=at, actor=request.actor)
            messages.success(request, _("Your answers are saved."))
            return to_page(request, "accounts:access:security")
        except Refusal as refusal:
            form.add_error("question_2", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/access/questions.html", {"form": form}, status=status)


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
@only_confirmed(Change.PIN)
@sensitive_post_parameters()
def new_pin(request):
    """A new PIN for who forgot the present one, after the password and a code."""
    form = NewPin(request.POST or None)
    try:
        if form.is_valid():
            typed = form.cleaned_data["new_pin"]
            access.replace_pin(
                request.user,
                new_pin=typed,
                at=timezone.now(),
                actor=request.actor,
                session=request.device_session,
            )
            said = _("Your new PIN is saved. For 24 hours it sends small payments only.")
            messages.success(request, said)
            asked_from = own_page(request.GET.get("next", ""))
            return to_page(request, asked_from or "accounts:access:security")
    except WeakPin as refusal:
        form.add_error("new_pin", str(refusal))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return to_page(request, "accounts:access:security")
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/access/new_pin.html", {"form": form}, status=status)


def too_many_requests(request, exception=None):
    """Somebody, or a whole network, asked too often; says when it is worth trying again."""
    facts = {"again_at": timezone.now() + WAIT}
    response = render(request, "errors/429.html", facts, status=429)
    response["Retry-After"] = str(int(WAIT.total_seconds()))
    return response
