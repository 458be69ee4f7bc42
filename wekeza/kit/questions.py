"""
One question to another system over HTTP: JSON out, JSON back, a credential, always with a time-out.
"""

import json
from dataclasses import dataclass

import requests

CONNECT_SECONDS, READ_SECONDS = 3, 10
TRIES = 2  # Looking somebody up changes nothing there, so a lost question may be asked again.
ANSWER_BYTES_MOST = 64 * 1024
BUSY = {502, 503, 504}
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """What came back. `status` is None when nothing did."""

    status: int | None
    text: str = ""
    error: str = ""

    @property
    def said(self) -> dict:
        """The object in the answer; nothing if there is none."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class _Bearer(requests.auth.AuthBase):
    def __init__(self, token: str):
        self.token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def post(url: str, *, body: dict | str, headers: dict, token: str = "") -> Reply:
    """
    This will ask once, and once more if the connection failed or the other side was just busy. Who
    was silent is not asked again here: the outbox does so later, with the same request id. A body
    of text goes out as it is, for those who sign it.
    """
    reply = Reply(None, error="not asked")
    for _ in range(TRIES):
        reply = _post(url, token=token, body=body, headers=headers)
        is_lost = reply.status in BUSY or (reply.status is None and reply.error != "ReadTimeout")
        if not is_lost:
            break
    return reply


def _post(url, *, token, body, headers) -> Reply:
    content = body if isinstance(body, str) else json.dumps(body)
    with requests.Session() as session:
        session.trust_env = False  # No .netrc and no proxy may get between us and the register.
        try:
            with session.post(
                url,
                data=content.encode(),
                headers=JSON | headers,
                auth=_Bearer(token) if token else None,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as reply:
                raw = bytearray()
                for part in reply.iter_content(8 * 1024):
                    raw += part
                    if len(raw) > ANSWER_BYTES_MOST:
                        return Reply(None, error="too long")
                return Reply(reply.status_code, raw.decode("utf-8", "replace"))
        except requests.RequestException as failed:
            return Reply(None, error=type(failed).__name__)
