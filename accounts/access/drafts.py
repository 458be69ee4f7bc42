"""
What somebody had typed when the session ended: kept on the server until the same person is back.

The draft lies in the new, anonymous session, which becomes theirs at login (ux.md row 26). It is
bound to the person who typed it, waits ten minutes, and is given once. A page whose view is marked
`offered` takes it as the first values of its form: `Form(request.POST or None,
initial=request.draft)`; what was typed on other pages is not kept at all.
"""

from datetime import timedelta

from django.urls import Resolver404, resolve
from django.utils import timezone

KEY = "draft"
LIFE = timedelta(minutes=10)
# Never kept: whoever is at the keyboard must type these again, and buttons press themselves never.
SECRETS = {"password", "password1", "password2", "oldpassword", "csrfmiddlewaretoken", "code"}
BUTTONS = {"action", "cancel", "resend"}
MOST_FIELDS = 50
MOST_CHARACTERS = 2_000


def offered(view):
    """This will mark a view whose form begins with what was typed before the session ended."""
    view.takes_draft = True
    return view


def keep(request, *, user_id: int, path: str, data: dict) -> bool:
    """This will keep the plain fields of a form that was sent too late, if its page takes them."""
    kept = plain(data)
    if not kept or not are_taken_at(path):
        return False
    until = int((timezone.now() + LIFE).timestamp())
    request.session[KEY] = {"user": user_id, "path": path, "until": until, "data": kept}
    return True


def take(request) -> dict:
    """This will give the draft of this page to the person who typed it, once; else nothing."""
    draft = request.session.get(KEY)
    if not draft or request.method != "GET" or draft["path"] != request.path:
        return {}
    if not request.user.is_authenticated:
        return {}
    del request.session[KEY]
    is_theirs = draft["user"] == request.user.pk and _is_fresh(draft)
    return draft["data"] if is_theirs else {}


def is_waiting(request) -> bool:
    """This will say whether something typed waits in this browser's session for its owner."""
    draft = request.session.get(KEY)
    return bool(draft) and _is_fresh(draft)


def plain(data: dict) -> dict:
    """This will give what may be kept of a form: no secrets, no buttons, not without end."""
    return {
        name: value[:MOST_CHARACTERS]
        for name, value in list(data.items())[:MOST_FIELDS]
        if name not in SECRETS | BUTTONS and "pin" not in name and "code" not in name
    }


def are_taken_at(path: str) -> bool:
    """This will say whether the page at an address begins with what was typed before."""
    try:
        return getattr(resolve(path).func, "takes_draft", False)
    except Resolver404:
        return False


def _is_fresh(draft: dict) -> bool:
    return timezone.now().timestamp() < draft.get("until", 0)
