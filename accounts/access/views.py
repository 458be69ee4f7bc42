"""Security settings, the PIN, and the answer to somebody who is too fast."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import operations as access
from accounts.access import queries
from accounts.access.forms import ChangePin
from accounts.access.refusals import WeakPin, WrongPin
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

WAIT = timedelta(minutes=5)


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


def too_many_requests(request, exception=None):
    """Somebody, or a whole network, asked too often; says when it is worth trying again."""
    facts = {"again_at": timezone.now() + WAIT}
    response = render(request, "errors/429.html", facts, status=429)
    response["Retry-After"] = str(int(WAIT.total_seconds()))
    return response
