"""One id for a request, on its log lines, in its answer and on the page that says sorry."""

import contextvars
import re
import secrets

from django.http import HttpRequest

HEADER = "X-Request-ID"
PLAUSIBLE = re.compile(r"[A-Za-z0-9-]{8,64}")

_current = contextvars.ContextVar("request_id", default="-")


def current() -> str:
    """This will give the id of the request being answered, or "-" outside of one."""
    return _current.get()


class RequestIdMiddleware:
    """Takes over the id that a proxy gave, if it is plain, else makes one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        given = request.headers.get(HEADER, "")
        request.id = given if PLAUSIBLE.fullmatch(given) else secrets.token_hex(8)
        token = _current.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = request.id
        return response
