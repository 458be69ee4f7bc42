"""
What a session proved about who sits there: the PIN for a change first, then its code. The pages
that make the change ask here (rule 26).
"""

from functools import wraps
from secrets import token_urlsafe

from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import policy, queries
from accounts.access.step_up import Change

_KEY, _PAGE = "step_up", "step_up_page"
# Every confirmation makes one change. Recovery codes are read after they are made, also those that
# come with the first app or passkey: that confirmation goes on as one for them.
_MAKES_CODES = {Change.APP_ON, Change.PASSKEY_ON, Change.CODES}
# A copy of one's data is opened after it was asked for: this holds for its five minutes.
_READ_AFTERWARDS = {Change.DATA}


def note_pin(request, *, change: str, way: str) -> None:
    """This will remember that the PIN was given for a change, and how its code comes."""
    request.session[_KEY] = {
        "change": change,
        "way": way,
        "pin_at": _now(),
        "nonce": token_urlsafe(),
    }


def note_way(request, *, way: str) -> None:
    """This will remember that the code comes another way; the PIN is as old as it was."""
    request.session[_KEY] = request.session[_KEY] | {"way": way}


def way_begun(request, *, change: str) -> str:
    """This will give how the code of a change comes whose PIN was given just now; else nothing."""
    proved = request.session.get(_KEY, {})
    is_begun = proved.get("change") == change and _is_fresh(proved.get("pin_at"))
    return proved["way"] if is_begun else ""


def nonce(request) -> str:
    """This will give the random word that binds a passkey's signature to this confirmation."""
    return request.session[_KEY]["nonce"]


def note_code(request, *, change: str) -> None:
    """This will remember that a change is confirmed, in a session with another key (rule 27)."""
    request.session[_KEY] = {"change": change, "confirmed_at": _now()}
    request.session.cycle_key()


def is_confirmed(request, *, change: str) -> bool:
    """This will say whether this session confirmed this change within the last five minutes."""
    proved = request.session.get(_KEY, {})
    return proved.get("change") == change and _is_fresh(proved.get("confirmed_at"))


def page_after(request, *, change: str) -> str:
    """This will give the page that a change was asked for at, or nothing."""
    asked = request.session.pop(_PAGE, {})
    return asked.get("path", "") if asked.get("change") == change else ""


def only_confirmed(change: str):
    """This will let a page of a change be seen and sent only by who confirmed it."""

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not _is_asked(request.user, change):
                request.is_stepped_up = True  # It will be turned away, or sent to the other page.
                return view(request, *args, **kwargs)
            if not is_confirmed(request, change=change):
                request.session[_PAGE] = {"change": change, "path": request.get_full_path()}
                return redirect("accounts:access:confirm", change)
            request.is_stepped_up = True
            response = view(request, *args, **kwargs)
            is_done = request.method == "POST" and not hasattr(response, "context_data")
            if is_done and change in _MAKES_CODES:
                request.session[_KEY] = request.session[_KEY] | {"change": Change.CODES}
            elif is_done and change not in _READ_AFTERWARDS:
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
    if change == Change.APP_OFF:
        return queries.has_authenticator(user)
    if change == Change.PIN:
        return queries.has_pin(user)
    needs_any = change in {Change.PASSKEY_OFF, Change.CODES}
    return not needs_any or queries.has_authenticator(user) or queries.has_passkey(user)


def _now() -> int:
    return int(timezone.now().timestamp())


def _is_fresh(moment: int | None) -> bool:
    return moment is not None and _now() - moment < policy.STEP_UP_LASTS.total_seconds()
