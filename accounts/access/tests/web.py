"""A small HTTP server that answers as a test tells it, and remembers what it was asked."""

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict
    body: str


@dataclass
class Service:
    """Where the server stands, and what it was asked."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def answering(*, body="", status=200, kind="text/plain", delay=0.0, cut=False):
    """A server whose every answer is this one; `cut` closes the connection without any."""
    service = Service("")

    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode()
            service.requests.append(Request(self.command, self.path, dict(self.headers), text))
            time.sleep(delay)
            if cut:
                self.close_connection = True
                self.connection.close()
                return
            said = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *args):
            pass

        def handle(self):
            with suppress(OSError, ValueError):
                super().handle()

        def finish(self):
            with suppress(OSError, ValueError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
