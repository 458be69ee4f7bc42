"""Writing the API's log, and letting it go when its days are over."""

import logging
from datetime import datetime

from django.db import DatabaseError, InterfaceError, transaction

from accounts.access.context import address_of
from accounts.gateway.models import ApiCall
from wekeza.kit import request_id
from wekeza.kit.principal import Principal

log = logging.getLogger(__name__)


def note(*, request, principal: Principal | None, response, ms: int, at: datetime) -> None:
    """
    This will write one call of the API into its log. Who was turned away before being a principal
    is named by `request.known_as`, if anybody knows. A log that cannot be written is said in the
    process's own log, and never in the way of an answer.
    """
    try:
        with transaction.atomic():
            ApiCall.objects.create(
                **_facts(request, response),
                principal=_key(principal) or getattr(request, "known_as", ""),
                ms=ms,
                called_at=at,
            )
    except (DatabaseError, InterfaceError) as error:
        log.warning("a call of the API was not logged: %s", type(error).__name__)


def forget(*, before: datetime) -> int:
    """This will delete calls from before a moment, and give their number."""
    return ApiCall.objects.filter(called_at__lt=before).delete()[0]


def _facts(request, response) -> dict:
    said = getattr(response, "data", None)  # A file has none.
    said = said if isinstance(said, dict) else {}
    code = said.get("error_code") or getattr(response, "error_code", "")
    found, key = request.resolver_match, request.headers.get("Idempotency-Key", "")[:64]
    return {
        "method": request.method[:8],
        "route": f"/{found.route}"[:120] if found else "",
        "status": response.status_code,
        "error_code": str(code)[:40],
        "request_id": request_id.current(),
        "idempotency_key": key if key.isascii() and key.isprintable() else "",
        "ip_address": address_of(request) or None,
    }


def _key(principal: Principal | None) -> str:
    return principal.key if isinstance(principal, Principal) else ""
