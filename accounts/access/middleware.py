"""Sessions that end when nobody is there, pages that no browser keeps, and who is acting."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from accounts.access import drafts
from accounts.access.signals import LAST_SEEN
from wekeza.kit.actor import Actor
from wekeza.kit.htmx import SeeOther

SEEN_EVERY_SECONDS = 60  # The session row is written at most so often (decision 30).
POLL_HEADER = "X-Poll"  # A page that asks by itself is nobody sitting there.

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
)


class IdleTimeout:
    """
    Ends a session after 10 minutes without a request, 15 for staff (rule 27), and sends the person
    to the login and back to the page; what was typed is kept on the server.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            seen = request.session.get(LAST_SEEN, now)
            if now - seen >= _idle_seconds(request.user):
                return self._end(request)
            is_poll = POLL_HEADER in request.headers
            if LAST_SEEN not in request.session or (
                now - seen >= SEEN_EVERY_SECONDS and not is_poll
            ):
                request.session[LAST_SEEN] = now
        return self.get_response(request)

    def _end(self, request) -> HttpResponse:
        user_id, path = request.user.pk, request.path
        logout(request)
        if request.method == "POST":
            drafts.keep(request, user_id=user_id, path=path, data=request.POST.dict())
        back = path if request.method == "POST" else request.get_full_path()
        where = f"{reverse('branch:online:session_ended')}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request"):
            # htmx follows a 303 by itself and would put the whole page into a corner of this one.
            return HttpResponse(status=204, headers={"HX-Redirect": where})
        return SeeOther(where)


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
            forms = [context.get(name) for name in ("form", "verify_form", "change_form")]
            if any(form is not None and form.is_bound and form.errors for form in forms):
                response.status_code = 422
        return response


def actor_of(user) -> Actor:
    """This will name who acts behind a login: a customer, staff, or somebody still registering."""
    if not user.is_authenticated:
        return Actor("NOBODY", "web")
    if hasattr(user, "customer"):
        return Actor("CUSTOMER", str(user.customer.pk), person=f"customer:{user.customer.pk}")
    if user.is_staff:
        return Actor("STAFF", str(user.pk), person=f"login:{user.pk}")
    return Actor("LOGIN", str(user.pk), person=f"login:{user.pk}")


def _idle_seconds(user) -> int:
    minutes = settings.STAFF_IDLE_MINUTES if user.is_staff else settings.CUSTOMER_IDLE_MINUTES
    return minutes * 60
