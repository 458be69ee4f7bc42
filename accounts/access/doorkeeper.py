"""
At every door: is this session still open? And the cookie by which a browser is known again.

The row is asked in the database on each request, so that whoever ends a session anywhere shuts it
here with the next request, whatever session data a cache still holds (rule 27).
"""

from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature
from django.utils import timezone

from accounts.access import devices, sessions
from accounts.access.middleware import POLL_HEADER, to_session_ended
from accounts.access.signals import DEVICE_SESSION

DEVICE = "__Host-device" if settings.HTTPS else "device"
REMEMBERED_SECONDS = 400 * 24 * 3600  # The longest that browsers keep a cookie.


class Doorkeeper:
    """Turns away whose session was ended, and lets the row follow the browser's session key."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.device_cookie = _device_cookie(request)
        if request.user.is_authenticated and not self._lets_in(request):
            request.session.flush()
            request.user = AnonymousUser()
            return to_session_ended(request, user_id=None, why="ended")
        response = self.get_response(request)
        if session := getattr(request, "device_session", None):
            sessions.follow_key(session, session_key=request.session.session_key)
        if getattr(request, "is_device_noted", False):
            _remember(response, request.device_cookie)
        return response

    def _lets_in(self, request) -> bool:
        session = sessions.of_key(
            request.session.get(DEVICE_SESSION),
            user=request.user,
            session_key=request.session.session_key,
        )
        if session is None:
            return False
        request.device_session = session
        if POLL_HEADER not in request.headers:
            sessions.seen(session, facts=devices.facts_of(request), at=timezone.now())
        return True


def _device_cookie(request) -> str:
    """The browser's own random name; a new one if it has none, or one that is not ours."""
    try:
        return request.get_signed_cookie(DEVICE, salt=DEVICE)
    except (KeyError, BadSignature):
        return uuid4().hex


def _remember(response, cookie: str) -> None:
    response.set_signed_cookie(
        DEVICE,
        cookie,
        salt=DEVICE,
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
