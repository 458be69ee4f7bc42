"""Sessions that end when nobody is there, pages that no browser keeps, and who is acting."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.core.signing import BadSignature
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from accounts.access import drafts, policy, sessions
from accounts.access.models import DeviceSession
from accounts.access.signals import LAST_SEEN, STARTED
from wekeza.kit.actor import Actor
from wekeza.kit.htmx import SeeOther

SEEN_EVERY_SECONDS = policy.SEEN_EVERY.total_seconds()
Ended = DeviceSession.Ended
POLL_HEADER = "X-Poll"  # A page that asks by itself is nobody sitting there.
LAST_PERSON = "wekeza_person"
FORMS = ("form", "verify_form", "change_form", "webauthn_form")

# Doors that a login without a customer may open while it is still registering.
OPEN_TO_UNFINISHED = (
    "/register/",
    "/access/",
    "/login/",
    "/language/",
    "/theme/",
    "/session-ended/",
    "/demo/",
    "/static/",
    "/settings/security/",
    "/developers/",
    "/biz/invitations/",  # Somebody invited may have to register first; the page says so.
)


class IdleTimeout:
    """
    Ends a session after 10 minutes without a request, 15 for staff, and after 12 hours however busy
    it was (rule 27), and sends the person to the login and back to the page; what was typed is kept
    on the server.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            seen = request.session.get(LAST_SEEN, now)
            idle = sessions.idle_after(is_staff=request.user.is_staff)
            if now - seen >= idle.total_seconds():
                return self._end(request, by=Ended.IDLE)
            if now - request.session.setdefault(STARTED, now) >= settings.SESSION_COOKIE_AGE:
                return self._end(request, by=Ended.AGE, why="age")
            is_poll = POLL_HEADER in request.headers
            if LAST_SEEN not in request.session or (
                now - seen >= SEEN_EVERY_SECONDS and not is_poll
            ):
                request.session[LAST_SEEN] = now
        return self.get_response(request)

    def _end(self, request, *, by: str, **facts) -> HttpResponse:
        user_id = request.user.pk
        request.session_ends_by = by
        logout(request)
        return to_session_ended(request, user_id=user_id, **facts)


class LostSession:
    """
    Shows whoever sent a form without a session a whole page that says so, never a login form in a
    corner of a page that looks signed in.

    The session is gone, and with it who typed. So each answer inside leaves a signed cookie that
    names the person, and the draft waits for that person alone: kept for whoever logs in next, it
    would tell a second person at the same browser whom the first one pays. Without the cookie,
    nothing is kept, and the page says that. Logging out takes the cookie away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        was_in = request.user.is_authenticated
        response = self.get_response(request)
        if request.user.is_authenticated:
            if _last_person(request) != request.user.pk:
                _remember_person(response, request.user.pk)
        elif was_in:
            response.delete_cookie(LAST_PERSON)
        elif _is_turned_away(request, response):
            return to_session_ended(request, user_id=_last_person(request), why="lost")
        return response


class ActorMiddleware:
    """
    Says who acts (`request.actor`), keeps signed-in pages out of caches, and leads a login that is
    still registering to its next step.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))
        request.draft = drafts.take(request)
        was_in = request.user.is_authenticated
        if was_in and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        is_in = request.user.is_authenticated
        if was_in or is_in:
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["HX-Request", "Cookie"])
        if was_in and not is_in:
            # Not "cookies": language and colours are no secret, and the next form needs its token.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def process_view(self, request, view, args, kwargs):
        if (
            request.user.is_authenticated
            and not request.path.startswith(OPEN_TO_UNFINISHED)
            and not request.user.is_staff
            and not hasattr(request.user, "customer")
        ):
            return HttpResponseRedirect(reverse("accounts:customers:next_step"))
        return None

    def process_template_response(self, request, response):
        """A refused form of allauth's views answers 422 like ours do (decision 19)."""
        if request.method == "POST" and response.status_code == 200:
            context = getattr(response, "context_data", None) or {}
            forms = [context.get(name) for name in FORMS]
            if any(form is not None and form.is_bound and form.errors for form in forms):
                response.status_code = 422
        return response


def actor_of(user) -> Actor:
    """This will name who acts behind a login: a customer, staff, or somebody still registering."""
    if not user.is_authenticated:
        return Actor("NOBODY", "web")
    if user.is_staff and hasattr(user, "staff_member"):
        return Actor("STAFF", str(user.pk), person=user.staff_member.person)
    if hasattr(user, "customer"):
        return user.customer.actor
    return Actor("LOGIN", str(user.pk), person=f"login:{user.pk}")


def _is_turned_away(request, response) -> bool:
    """The answer sends somebody who is not signed in to the login, away from what they sent."""
    is_htmx = "HX-Request" in request.headers
    if not (is_htmx or request.method == "POST"):
        return False  # A page that was only opened leads to the login and back, as everywhere.
    if response.status_code == 403 and is_htmx:
        return settings.CSRF_COOKIE_NAME not in request.COOKIES  # All cookies went at once.
    where = urlsplit(response.headers.get("Location", ""))
    return where.path == resolve_url(settings.LOGIN_URL) and "next=" in where.query


def to_session_ended(request, *, user_id: int | None, **facts) -> HttpResponse:
    """This will keep what was typed, as far as it may be, and lead to the page that says why."""
    page = _page_before_them(request)
    path = urlsplit(page).path
    # A switch in the foot of a page sends none of what was typed in its form.
    has_form = request.method == "POST" and (
        path == request.path or "HX-Request" in request.headers
    )
    if has_form and drafts.plain(data := request.POST.dict()):
        is_kept = user_id is not None and drafts.keep(
            request, user_id=user_id, path=path, data=data
        )
        if not is_kept:
            facts["typed"] = "lost"
    where = f"{reverse('branch:online:session_ended')}?{urlencode({'next': page} | facts)}"
    if "HX-Request" in request.headers:
        # htmx follows a 303 by itself and would put the whole page into a corner of this one.
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return SeeOther(where)


def _page_before_them(request) -> str:
    """The page that the person looks at; a piece or a switch of it has an address of its own."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.get_full_path()
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    page = urlsplit(said)
    if page.netloc == request.get_host() and page.path.startswith("/"):
        return f"{page.path}?{page.query}" if page.query else page.path
    if request.method == "GET" or drafts.are_taken_at(request.path):
        return request.get_full_path()
    return "/"  # Nobody says which page it was, and a switch is none.


def _last_person(request) -> int | None:
    try:
        return int(request.get_signed_cookie(LAST_PERSON, salt=LAST_PERSON))
    except (KeyError, BadSignature, ValueError):
        return None


def _remember_person(response, user_id: int) -> None:
    response.set_signed_cookie(
        LAST_PERSON,
        str(user_id),
        salt=LAST_PERSON,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
