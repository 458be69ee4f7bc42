"""What every page shares on which somebody authorises what stands above the box for the secret."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts.access import authorising, queries
from accounts.access.authorise_forms import Authorise
from accounts.access.authorising import Intent, Way
from wekeza.kit.htmx import to_page


def pressed_aside(request, intent: Intent, *, at: datetime) -> HttpResponse | None:
    """
    This will do what the buttons beside the one that signs ask for: text a code and show the page
    again, or give the browser what the passkey is to sign. None if neither was pressed.

    :raises Refusal: what keeps them off, for the page to say.
    """
    if request.method == "POST" and "resend" in request.POST:
        authorising.way_open(intent, at=at)
        is_another = authorising.was_texted(intent, at=at)
        authorising.text_code(intent, at=at)
        said = _("We have sent you a code.")
        if is_another:
            said = _("We have sent a new code. The old one no longer works.")
        messages.success(request, said)
        return to_page(request, request.path)
    if request.method == "POST" and "passkey" in request.POST:
        return JsonResponse(authorising.ask_passkey(intent, host=request.get_host(), at=at))
    return None


def facts_of(form: Authorise, intent: Intent, *, at: datetime) -> dict:
    """This will give what the page says around the form: which box, which buttons, or why none."""
    off_until = queries.sending_off_until(intent.user, at=at)
    return {
        "form": form,
        "is_pin": form.way == Way.PIN,
        "is_texted": form.way == Way.CODE,
        "was_texted": authorising.was_texted(intent, at=at),
        "has_passkey": off_until is None and authorising.may_use_passkey(intent, at=at),
        "off_until": off_until,
    }
