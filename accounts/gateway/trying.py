"""Trying an operation of the API out, from its page: the call is made in here, as a program's."""

import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from accounts.gateway.reference import Entry, filled

_WHERE = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST")
_SHOWN = ("Retry-After", "WWW-Authenticate", "Allow")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    @property
    def is_good(self) -> bool:
        return self.status < 400


def call(
    request, entry: Entry, *, token: str, holes: dict, questions: dict, key: str, body: str
) -> Answer:
    """This will make one call of an operation for somebody at its page, without their cookies."""
    path = filled(entry.path, {name: quote(value, safe="") for name, value in holes.items()})
    headers = {"Accept": "application/json", "User-Agent": "docs"}
    if token:
        headers["Authorization"] = f"Bearer {token.strip()}"
    if key:
        headers["Idempotency-Key"] = key
    where = {name: request.META[name] for name in _WHERE if name in request.META}
    inner = RequestFactory(headers=headers, **where).generic(
        entry.method,
        f"{path}?{urlencode(questions)}" if questions else path,
        body.encode() if entry.body else b"",
        content_type="application/json",
    )
    inner.user, inner.id = AnonymousUser(), request.id
    try:
        found = resolve(inner.path_info)
    except Resolver404:
        return Answer(404, [], "")
    inner.resolver_match = found
    response = found.func(inner, *found.args, **found.kwargs)
    if not hasattr(response, "render"):  # A file; its page tells what it is, and shows nothing.
        return Answer(response.status_code, [("Content-Type", response["Content-Type"])], "")
    response.render()
    text = response.content.decode()
    is_told = response.status_code >= 400
    shown = [(name, response[name]) for name in _SHOWN if is_told and name in response]
    pretty = json.dumps(json.loads(text), indent=2, ensure_ascii=False) if text else ""
    return Answer(response.status_code, shown, pretty)
