"""
`Idempotency-Key`: a program's request that moves money happens once, and asked again it gets the
first answer, byte for byte (reliability rule 13).

The key becomes the deed's own reference, which stands in the transaction that moves the money: so a
refused deed leaves no key, and a program that dies between the deed and its answer finds the deed.
The answer is kept beside it, sealed. Two at once are told apart by an advisory lock of PostgreSQL,
which goes with the connection: nothing is left locked by whoever dies.
"""

import hashlib
import re
from contextlib import contextmanager, suppress
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from ledger.controls import doors
from ledger.refusals import ReferenceReused
from wekeza.kit.errors import Refusal

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class KeyMissing(Refusal):
    code = "idempotency_key_missing"
    status = 400
    text = _(
        "Send an Idempotency-Key header: 8 to 64 letters, digits, - or _, another for each payment"
    )


class InFlight(Refusal):
    """The same request is being answered at this moment. Facts: retry_after, in seconds."""

    code = "request_in_flight"
    status = 409
    text = _("The same request is still on its way. Ask again in {retry_after} second")


def once(run, *, request, view) -> tuple[int, str]:
    """
    This will answer a request once for each key of its principal, as (status, body). The deed finds
    its reference in `request.reference`.

    :raises KeyMissing: without a key, or with one that is none.
    :raises InFlight: while the same key is being answered.
    :raises ReferenceReused: if the key stands for another body.
    """
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise KeyMissing
    room = type(view).__module__.rpartition(".")[0]
    route = f"{request.method} {room}.{type(view).__name__}"
    door = {"owner": request.auth.key, "route": route, "key": key}
    facts = {"body": request.data, "path": view.kwargs}
    request.reference = reference_of(**door)
    with _alone(request.reference):
        known = doors.answer_of(**door, facts=facts)
        if known is not None:
            return known
        status, body = run()
        doors.keep_answer(**door, facts=facts, status=status, answer=body)
    return status, body


once.refuses = (KeyMissing, InFlight, ReferenceReused)


def reference_of(*, owner: str, route: str, key: str) -> UUID:
    """This will give the reference of the deed that a key stands for."""
    return uuid5(NAMESPACE_URL, f"wekeza:door:{owner}|{route}|{key}")


@contextmanager
def _alone(reference: UUID):
    number = int.from_bytes(hashlib.sha256(reference.bytes).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        is_mine = cursor.fetchone()[0]
    if not is_mine:
        raise InFlight(retry_after=1)
    try:
        yield
    finally:
        # A connection that broke took the lock with it.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
