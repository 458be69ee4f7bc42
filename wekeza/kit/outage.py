"""
Pages for when something does not work. They ask the database nothing, so that they always come.

Django turns an exception into an answer at the layer where it happens, so a middleware never sees
it: handler500 is the one place where every failure passes.
"""

import logging
import sys
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from wekeza.kit import request_id

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def server_error(request: HttpRequest) -> HttpResponse:
    """
    This will answer a failure of ours: 503 with a remedy if the database is away, else 500.

    After a POST nobody can say whether it was done, so the page says so and asks not to repeat it.
    """
    is_away = is_outage(sys.exc_info()[1])
    is_unknown = request.method not in SAFE_METHODS
    if is_away:
        code = "OUTCOME_UNKNOWN" if is_unknown else "SERVICE_UNAVAILABLE"
        page, status = "errors/503.html", 503
    else:
        code, page, status = "INTERNAL_ERROR", "errors/500.html", 500
    response = answer(request, page, status=status, code=code, is_read=not is_unknown)
    if is_away:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    """This will say that there is no such page; someone else's things answer the same."""
    return answer(request, "errors/404.html", status=404, code="NOT_FOUND")


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    """This will say that the asker may not see this page."""
    return answer(request, "errors/403.html", status=403, code="FORBIDDEN")


class WrongMethod:
    """Puts a page where Django refuses a method with none, as on a GET of what a button sends."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = answer(request, "errors/405.html", status=405, code="METHOD_NOT_ALLOWED")
        page["Allow"] = response.get("Allow", "")
        return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """This will say that a form came from elsewhere or from an older session (SE18)."""
    log.warning("refused a form from elsewhere: %s", reason)
    return answer(request, "errors/403_csrf.html", status=403, code="CSRF_FAILED")


def answer(request: HttpRequest, page: str, *, status: int, code: str, **facts) -> HttpResponse:
    """This will give the error page or, to a program, the mission's error body."""
    reference = getattr(request, "id", request_id.current())
    if wants_json(request):
        details = {"request_id": reference}
        body = {"status_code": status, "error_code": code, "message": words_of(code)}
        return JsonResponse(body | {"details": details}, status=status)
    facts |= {"request_id": reference, "retry_seconds": RETRY_SECONDS, "code": code}
    # No request goes into the template: its context processors would ask the database.
    response = HttpResponse(loader.render_to_string(page, facts), status=status)
    response["Cache-Control"] = "no-store"
    return response


def wants_json(request: HttpRequest) -> bool:
    """This will say whether a program asks, not a browser."""
    return (
        is_api(request.path)
        or request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def is_api(path: str) -> bool:
    """This will say whether an address belongs to the API, which answers JSON whoever asks."""
    return path.startswith("/api/") or path in settings.API_PATHS


def words_of(code: str) -> str:
    """This will give the sentence of an error code."""
    return {
        "OUTCOME_UNKNOWN": _(
            "We don't know yet whether this was done. Do not repeat it; look first."
        ),
        "SERVICE_UNAVAILABLE": _("We cannot reach your accounts right now. Try again in a minute."),
        "NOT_FOUND": _("We could not find that page."),
        "METHOD_NOT_ALLOWED": _("This address only takes what a button sends."),
        "FORBIDDEN": _("You may not see this page."),
        "CSRF_FAILED": _("This form is too old, or came from another page. Nothing was done."),
    }.get(code, _("Something went wrong on our side."))


def is_outage(error: BaseException | None) -> bool:
    """This will say whether the database is away, not merely busy or angry about one statement."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, InterfaceError):
            return True
        if isinstance(error, OperationalError):
            state = getattr(error.__cause__, "sqlstate", None)
            # 08: connection; 57P: shut down or starting; 53300: too many connections; no state:
            # the server was never reached, or the pool had nobody to give.
            return state is None or state.startswith(("08", "57P")) or state == "53300"
        error = error.__cause__ or error.__context__
    return False
