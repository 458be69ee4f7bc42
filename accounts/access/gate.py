"""
What a session proved about who sits there: the PIN for a change first, then its code. The pages
that make the change ask here (rule 26).
"""

from functools import wraps

from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import policy, queries
from accounts.access.step_up import Change

_KEY = "step_up"
# Recovery codes are read after they are made, also those that come with a new app, and a copy of
# one's data is opened after it is asked for: these hold for their five minutes. Every other
# confirmation makes one change.
_READ_AFTERWARDS = {Change.APP_ON, Change.CODES, Change.DATA}


def note_pin(request, *, change: str, way: str) -> None:
    """This will remember that the PIN was given for a change, and how its code comes."""
    request.session[_KEY] = {"change": change, "way": way, "pin_at": _now()}


def note_way(request, *, way: str) -> None:
    """This will remember that the code comes another way; the PIN is as old as it was."""
    request.session[_KEY] = request.session[_KEY] | {"way": way}


def way_begun(request, *, change: str) -> str:
    """This will give how the code of a change comes whose PIN was given just now; else nothing."""
    proved = request.session.get(_KEY, {})
    is_begun = proved.get("change") == change and _is_fresh(proved.get("pin_at"))
    return proved["way"] if is_begun else ""


def note_code(request, *, change: str) -> None:
    """This will remember that a change is confirmed, in a session with another key (rule 27)."""
    request.session[_KEY] = {"change": change, "confirmed_at": _now()}
    request.session.cycle_key()


def is_confirmed(request, *, change: str) -> bool:
    """This will say whether this session confirmed this change within the last five minutes."""
    proved = request.session.get(_KEY, {})
    return proved.get("change") == change and _is_fresh(proved.get("confirmed_at"))


def only_confirmed(change: str, *, after: str = ""):
    """
    This will let a page of a change be seen and sent only by who confirmed it, or just before made
    the change that leads there.
    """

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not _is_asked(request.user, change):
                request.is_stepped_up = True  # It will be turned away, or sent to the other page.
                return view(request, *args, **kwargs)
            if not any(is_confirmed(request, change=each) for each in (change, after)):
                return redirect("accounts:access:confirm", change)
            request.is_stepped_up = True
            response = view(request, *args, **kwargs)
            is_done = request.method == "POST" and not hasattr(response, "context_data")
            if is_done and change not in _READ_AFTERWARDS:
                request.session.pop(_KEY, None)
            return response

        guarded.only_confirmed = change
        return guarded

    return guard


def _is_asked(user, change) -> bool:
    """allauth itself turns strangers away, and who has the app already, or needs one."""
    if not user.is_authenticated:
        return False
    if change == Change.APP_ON:
        return not queries.has_authenticator(user)
    needs_app = change in {Change.APP_OFF, Change.CODES}
    return not needs_app or queries.has_authenticator(user)


def _now() -> int:
    return int(timezone.now().timestamp())


def _is_fresh(moment: int | None) -> bool:
    return moment is not None and _now() - moment < policy.STEP_UP_LASTS.total_seconds()
