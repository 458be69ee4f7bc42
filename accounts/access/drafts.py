"""
What somebody had typed when the session ended: kept on the server until the same person is back.

The draft lies in the new, anonymous session, which becomes theirs at login (ux.md row 26). A page
takes it as the first values of its form: `Form(request.POST or None, initial=request.draft)`.
"""

KEY = "draft"
# Never kept: whoever is at the keyboard must type these again.
SECRETS = {"password", "password1", "password2", "oldpassword", "csrfmiddlewaretoken", "code"}
MOST_FIELDS = 50
MOST_CHARACTERS = 2_000


def keep(request, *, user_id: int, path: str, data: dict) -> None:
    """This will keep the plain fields of a form that was sent too late."""
    kept = {
        name: value[:MOST_CHARACTERS]
        for name, value in list(data.items())[:MOST_FIELDS]
        if name not in SECRETS and "pin" not in name and "code" not in name
    }
    request.session[KEY] = {"user": user_id, "path": path, "data": kept}


def take(request) -> dict:
    """This will give the draft of this page to the person who typed it, once; else nothing."""
    draft = request.session.get(KEY)
    if not draft or request.method != "GET" or draft["path"] != request.path:
        return {}
    if not request.user.is_authenticated:
        return {}
    del request.session[KEY]
    return draft["data"] if draft["user"] == request.user.pk else {}
