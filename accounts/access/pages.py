"""
The bank's own pages of allauth, filled in for a program: the same forms, codes, counts and limits
as in a browser, so that the API is no way around them. What a browser keeps in a cookie, a program
keeps as a sealed token.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from allauth.account.middleware import AccountMiddleware
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponseBase, QueryDict

from accounts.access.models import User
from accounts.access.refusals import StepGone
from wekeza.kit.encryption import Undecipherable, decrypt, encrypt
from wekeza.kit.problems import TooManyRequests

_CONTEXT = "access.page"
_store = import_module(settings.SESSION_ENGINE).SessionStore
_NOT_COPIED = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "CONTENT_LENGTH", "CONTENT_TYPE")
WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Page:
    """What came of a page: its answer, and the request with session and user as they are now."""

    response: HttpResponseBase
    request: HttpRequest

    @property
    def errors(self) -> dict:
        """What the form says is wrong, by field; nothing when the page led on."""
        facts = getattr(self.response, "context_data", None) or {}
        forms = (facts.get(name) for name in ("form", "verify_form"))
        return next((form.errors for form in forms if form is not None and form.errors), {})

    @property
    def leads_to(self) -> str:
        """The address that the page leads to; empty when it stays."""
        return self.response.headers.get("Location", "")


def press(request, view, data: dict | None = None, *, key: str = "", user: User | None = None):
    """
    This will open a page (or send its form, with `data`) for the program behind an API request, in
    the session `key`, as `user`.

    :raises TooManyRequests: if the page says so.
    """
    page = HttpRequest()
    page.META = {name: value for name, value in request.META.items() if name not in _NOT_COPIED}
    page.path = page.path_info = request.path
    page.method = "GET" if data is None else "POST"
    page.POST = QueryDict(mutable=True)
    page.POST.update(data or {})
    page.session = _store(key or None)
    page.user = user or get_user(page)
    page.htmx, page.is_stepped_up = False, user is not None
    page.program_session = getattr(request, "program_session", None)
    page._dont_enforce_csrf_checks = True
    page._messages = default_storage(page)
    response = AccountMiddleware(view)(page)
    if response.status_code == 429:
        raise TooManyRequests(retry_after=WAIT_SECONDS)
    page.session.save()
    return Page(response, page)


def sealed(page: Page, *, at: datetime) -> str:
    """This will give the token under which the session of a page goes on."""
    owner = page.request.user.pk
    facts = {"key": page.request.session.session_key, "user": owner, "at": int(at.timestamp())}
    return encrypt(json.dumps(facts), context=_CONTEXT)


def opened(token: str, *, user: User | None, at: datetime, seconds: int) -> str:
    """
    This will give the session of a token, for the user to whom it was given, within its time.

    :raises StepGone: if it is another's, too old, or none.
    """
    try:
        facts = json.loads(decrypt(token, context=_CONTEXT))
    except (Undecipherable, ValueError) as error:
        raise StepGone from error
    if facts["user"] != getattr(user, "pk", None) or at.timestamp() >= facts["at"] + seconds:
        raise StepGone
    return facts["key"]
