"""
The one way in which the bank speaks to an address that somebody else chose (server-side request
forgery, mission row SE30's neighbour; reliability rule 15).

The name is resolved here, every address it has must be public, and the connection goes to the very
address that was looked at, so that a name that changes its mind in between leads nowhere. Nothing
is redirected, and whatever the receiver does ends after ten seconds and four kilobytes.
"""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from accounts.partners import policy
from accounts.partners.refusals import UnsafeAddress

PORTS = {443, 8443}
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
# IPv6 ranges that carry an IPv4 address inside, or lead through somebody's gateway.
WRAPPED = [ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: the parts of the address, and the IP address that was found sound."""

    parts: SplitResult
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said; without a status it said nothing, and `error` says why."""

    status: int | None
    error: str
    milliseconds: int


def look(url: str, *, is_loopback_open: bool) -> Target:
    """
    This will find out where an address leads and whether the bank may speak to it. Plain http to
    this very machine only passes where `is_loopback_open`: the sandbox of a demo bank.

    :raises UnsafeAddress: saying why not.
    """
    parts, port = _read(url)
    if is_loopback_open and parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES:
        return Target(parts, "::1" if parts.hostname == "::1" else "127.0.0.1", port)
    if parts.scheme != "https":
        raise UnsafeAddress(why=_("it does not begin with https://"))
    if port not in PORTS:
        raise UnsafeAddress(why=_("its port is not 443 or 8443"))
    found = _addresses(parts.hostname, port)
    if not found:
        raise UnsafeAddress(why=_("there is no such name"))
    for address in found:
        if not _is_public(address):
            raise UnsafeAddress(why=_("it leads into a private network"))
    return Target(parts, str(found[0]), port)


def post(url: str, *, body: bytes, headers: dict, is_loopback_open: bool) -> Answer:
    """This will look where an address leads, send to that, and never raise."""
    began = time.monotonic()

    def answer(status, error):
        return Answer(status, error[:120], int((time.monotonic() - began) * 1000))

    try:
        target = look(url, is_loopback_open=is_loopback_open)
    except UnsafeAddress as refusal:
        return answer(None, str(refusal.facts["why"]))
    connection = _Pinned(target)
    # A receiver that drips one byte a second never meets a socket's own timeout.
    left = policy.TOTAL_SECONDS - (time.monotonic() - began)
    watchdog = threading.Timer(left, connection.cut)
    watchdog.start()
    try:
        path = target.parts.path or "/"
        path += f"?{target.parts.query}" if target.parts.query else ""
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        response.read(policy.MOST_ANSWER_BYTES)
        return answer(response.status, "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return answer(None, "TimeoutError" if connection.is_cut else type(error).__name__)
    finally:
        watchdog.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that the partner gave."""

    def __init__(self, target: Target):
        super().__init__(target.parts.hostname, target.port, timeout=policy.CONNECT_SECONDS)
        self.target, self.is_cut = target, False
        if target.parts.scheme == "https":
            self.default_port = 443

    def connect(self):
        where = (self.target.address, self.target.port)
        self.sock = socket.create_connection(where, policy.CONNECT_SECONDS)
        self.sock.settimeout(policy.TOTAL_SECONDS)
        if self.target.parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
        if self.is_cut:  # It was too late for a socket that was not there yet.
            raise TimeoutError
        if self.target.parts.scheme == "https":
            self.sock.do_handshake()  # Where `cut` finds it.

    def cut(self):
        """End it from another thread, whatever it waits for."""
        self.is_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()


def _read(url: str) -> tuple[SplitResult, int]:
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' \\<>"{}|^`')
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        is_plain = False
    if not (is_plain and parts.hostname):
        raise UnsafeAddress(why=_("it is no web address"))
    if parts.username is not None or parts.password is not None:
        raise UnsafeAddress(why=_("it has a name or password in it"))
    if parts.fragment:
        raise UnsafeAddress(why=_("it has a # in it"))
    return parts, port


def _addresses(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """A name server has no time-out that we could set: whoever waits for it gives up by itself."""
    found = []

    def ask():
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            found.append([])

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(policy.LOOKUP_SECONDS)
    if not found:
        raise UnsafeAddress(why=_("its name takes too long to find"))
    return [ip_address(entry[4][0].partition("%")[0]) for entry in found[0]]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if any(address in network for network in WRAPPED):
            return False
        if address.is_site_local:  # fec0::/10, which Python holds to be global.
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )
