"""
Every "no" of the API in one shape, the mission's: status_code, error_code, message, details
(003:341-363). 400 is a rule of the bank, 422 a body that is not what the operation takes (X7).

Refusals bring their own status and code; what Django and DRF refuse is translated here; anything
else is a fault of ours, which is logged and told without its words.
"""

import logging

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from wekeza.kit import outage, request_id
from wekeza.kit.errors import Refusal

log = logging.getLogger(__name__)


class NotSignedIn(Refusal):
    """No token came, or none that this bank knows the kind of."""

    code = "not_authenticated"
    status = 401
    text = gettext_lazy("Send your access token in the Authorization header: Bearer, then it")


class OutOfScope(Refusal):
    """The token is good, but not for this. Facts: needs."""

    code = "insufficient_scope"
    status = 403
    text = gettext_lazy("This token may not do that. It needs the permission {needs}")


class NotForYou(Refusal):
    """The token's owner is nobody for whom this operation is made. Facts: kinds."""

    code = "not_for_this_login"
    status = 403
    text = gettext_lazy("This is not open to your kind of login. It is for: {kinds}")


class TooManyRequests(Refusal):
    """More than the quota of a minute. Facts: retry_after, in seconds."""

    code = "too_many_requests"
    status = 429
    text = gettext_lazy("You asked too often. Wait {retry_after} seconds, then ask again")


class BadBody(Refusal):
    """The body is not JSON as RFC 8259 and this bank understand it. Facts: reason."""

    code = "malformed_body"
    status = 400
    text = gettext_lazy("We cannot read the body: {reason}. Nothing was done")


class DuplicateKey(BadBody):
    """A name comes twice in one object: two readers could see two different bodies. Facts: name."""

    code = "duplicate_key"
    text = gettext_lazy("“{name}” comes twice in the body. Send it once. Nothing was done")


class DuplicateParameter(Refusal):
    """A name comes twice in the query. Facts: name."""

    code = "duplicate_parameter"
    status = 400
    text = gettext_lazy("“{name}” comes twice in the address. Send it once")


class BodyTooLarge(Refusal):
    """Facts: most, in bytes."""

    code = "body_too_large"
    status = 413
    text = gettext_lazy("The body is too large. Send at most {most} bytes")


def answer_to(error: Exception, context: dict) -> Response:
    """This will give the envelope of whatever an operation raised; DRF's EXCEPTION_HANDLER."""
    if isinstance(error, Refusal):
        return _answer(error.envelope(), retry_after=error.facts.get("retry_after"))
    if isinstance(error, exceptions.ValidationError):
        return _answer(_invalid(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ParseError):
        return _answer(BadBody(reason=error.detail).envelope())
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _answer(NotSignedIn().envelope())
    if isinstance(error, exceptions.Throttled):
        wait = int(error.wait or 0) + 1
        return _answer(TooManyRequests(retry_after=wait).envelope(), retry_after=wait)
    if isinstance(error, exceptions.APIException):
        return _answer(_of_framework(error))
    return _fault(error, context["request"])


def envelope(status: int, code: str, message: str, **details) -> dict:
    """This will give the mission's error body."""
    return {
        "status_code": status,
        "error_code": code,
        "message": message,
        "details": details,
    }


def _answer(body: dict, *, retry_after=None) -> Response:
    response = Response(body, status=body["status_code"])
    if body["status_code"] == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Wekeza"'
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _invalid(error: exceptions.ValidationError) -> dict:
    """Which field is wrong and why, all at once."""
    return envelope(
        422,
        "VALIDATION_ERROR",
        _("Some fields are not right: {names}. Nothing was done").format(
            names=", ".join(_names(error.detail))
        ),
        fields=error.detail,
    )


def _names(detail) -> list[str]:
    return [str(name) for name in detail] if isinstance(detail, dict) else [_("the body")]


def _of_framework(error: exceptions.APIException) -> dict:
    code = {
        exceptions.NotFound: "NOT_FOUND",
        exceptions.PermissionDenied: "FORBIDDEN",
        exceptions.MethodNotAllowed: "METHOD_NOT_ALLOWED",
        exceptions.NotAcceptable: "NOT_ACCEPTABLE",
        exceptions.UnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE",
    }.get(type(error), "REFUSED")
    words = {
        "NOT_FOUND": _("There is nothing at this address, or it is not yours"),
        "FORBIDDEN": _("You may not do that"),
        "METHOD_NOT_ALLOWED": _("This address does not know that method. See the Allow header"),
        "NOT_ACCEPTABLE": _("We answer in JSON. Ask with Accept: application/json"),
        "UNSUPPORTED_MEDIA_TYPE": _("Send JSON, with Content-Type: application/json"),
    }
    return envelope(error.status_code, code, words.get(code, _("We could not do that.")))


def _fault(error: Exception, request) -> Response:
    """A fault of ours: the trackers hear of it, the asker gets the id under which we look."""
    got_request_exception.send(sender=type(error), request=request._request)
    log.error("fault behind %s %s", request.method, request.path, exc_info=error)
    is_read = request.method in outage.SAFE_METHODS
    is_outage = outage.is_outage(error)
    if not is_outage:
        status, code = 500, "INTERNAL_ERROR"
    else:
        status, code = 503, "SERVICE_UNAVAILABLE" if is_read else "OUTCOME_UNKNOWN"
    body = envelope(status, code, outage.words_of(code), request_id=request_id.current())
    return _answer(body, retry_after=outage.RETRY_SECONDS if is_outage else None)
