"""
What stand-ins for other systems have in common: they answer JSON over HTTP on the loopback address,
and are down, silent, garbled or cut when they are told to be.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"
BODY_BYTES_MOST = 16 * 1024
DOWN, SILENT, GARBLED, CUT = "down", "silent", "garbled", "cut"


class Pretender(BaseHTTPRequestHandler):
    """Answers one request; a stand-in adds its doors."""

    def read(self) -> bytes:
        """This will give the body of the request, not more than a stand-in wants."""
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MOST))

    def say(self, status: int, body: dict) -> None:
        """This will answer with JSON."""
        self.write(status, json.dumps(body).encode())

    def write(self, status: int, body: bytes) -> None:
        """This will answer with these bytes, whatever they are."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if correlator := self.headers.get("x-correlator"):
            self.send_header("x-correlator", correlator)
        self.end_headers()
        self.wfile.write(body)

    def misbehave(self, how: str, *, seconds: float, down: dict) -> bool:
        """This will answer as one in trouble does; False if there is no trouble."""
        if how == DOWN:
            self.say(503, down)
        elif how == SILENT:
            time.sleep(seconds)
        elif how == GARBLED:
            self.write(200, b"<html>a proxy speaks</html>")
        elif how == CUT:
            self.connection.close()
        return bool(how)

    def log_message(self, *args):
        """Nothing: a log of who was asked about would be a register of its own."""


def server_of(handler: type[Pretender], *, port: int = 0) -> ThreadingHTTPServer:
    """This will make the server on a port of the loopback address, any free one for 0."""
    server = ThreadingHTTPServer((LOOPBACK, port), handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # Whoever hangs up early is no fault of ours.
    return server


@contextmanager
def answering(server: ThreadingHTTPServer) -> Iterator[str]:
    """This will answer in a thread of this process for the length of a block; gives the address."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
