"""A client of Twilio's Messages resource (REST, 2010-04-01): one call and its answer."""

import base64
import http.client
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

TIMEOUT_SECONDS = 10
BODY_MOST = 1600  # Twilio refuses longer texts (error 21617).


@dataclass(frozen=True)
class Answer:
    """What Twilio said. `status` is None when no answer came after the request had gone out."""

    status: int | None
    sid: str = ""
    error: str = ""
    # True when the request surely never reached Twilio: nothing was taken.
    is_unsent: bool = False


@dataclass(frozen=True)
class Client:
    """One Twilio account. `base_url` is https://api.twilio.com, or a simulator of it."""

    account_sid: str
    auth_token: str
    sender: str
    base_url: str = "https://api.twilio.com"

    def send(self, *, to: str, body: str) -> Answer:
        """This will ask Twilio to text `body` to a phone in E.164; no answer makes it raise."""
        form = {"To": to, "Body": body[:BODY_MOST]}
        # A sender that begins with MG is a messaging service, not a number.
        form["MessagingServiceSid" if self.sender.startswith("MG") else "From"] = self.sender
        request = urllib.request.Request(  # noqa: S310 - the address is configuration
            f"{self.base_url.rstrip('/')}/2010-04-01/Accounts/{self.account_sid}/Messages.json",
            data=urllib.parse.urlencode(form).encode(),
            headers={"Authorization": f"Basic {self._basic()}", "Accept": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310
                return _read(reply.status, reply.read(64 * 1024))
        except urllib.error.HTTPError as refused:
            with refused:
                return _read(refused.code, refused.read(64 * 1024))
        except urllib.error.URLError as failed:
            return Answer(
                None, error=_name(failed.reason), is_unsent=_was_never_sent(failed.reason)
            )
        except (OSError, http.client.HTTPException) as lost:
            return Answer(None, error=_name(lost))

    def _basic(self) -> str:
        return base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()


def _read(status: int, raw: bytes) -> Answer:
    try:
        fields = json.loads(raw)
    except ValueError:
        fields = {}
    if not isinstance(fields, dict):
        fields = {}
    code = fields.get("code") or fields.get("error_code") or ""
    error = f"{code} {fields.get('message') or fields.get('error_message') or ''}".strip()
    if status == 201 and not fields.get("sid"):
        # It says created, but not what: nobody can tell whether a text is on its way.
        return Answer(None, error="201 without sid")
    return Answer(status, sid=str(fields.get("sid") or ""), error=error if status != 201 else "")


def _was_never_sent(reason) -> bool:
    """No name, no connection: the request did not leave. A time-out may come after it left."""
    return isinstance(reason, (socket.gaierror, ConnectionRefusedError))


def _name(reason) -> str:
    return type(reason).__name__ if isinstance(reason, BaseException) else str(reason)[:80]
