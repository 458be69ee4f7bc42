"""
The ports at which the mission's platforms answered, each an application of its own. Here they are
pages of one bank, and each port leads to its page.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wekeza.runtime import env

DOORS = {
    8501: "/workbench/",  # Risk and administration.
    8502: "/",  # Retail customers.
    8503: "/workbench/",  # Tellers.
    8504: "/biz/",  # Businesses and their directors.
    8507: "/",  # The personal banking portal.
}


def servers(*, site: str, host: str = "0.0.0.0", shift: int = 0) -> list[ThreadingHTTPServer]:  # noqa: S104
    """
    This will make a server for each door that leads to its page of `site`, whatever was asked for;
    `shift` is added to the ports.
    """
    return [
        ThreadingHTTPServer((host, port + shift), _leading_to(f"{site.rstrip('/')}{page}"))
        for port, page in DOORS.items()
    ]


def main() -> int:
    opened = servers(site=env.text("SITE_URL", "http://localhost:8000"))
    for one in opened[1:]:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    opened[0].serve_forever()
    return 0


def _leading_to(url: str) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        timeout = 10  # Seconds; who asks nothing keeps no door open.

        def do_GET(self):
            self.send_response(302)
            self.send_header("Location", url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - the library's names.

        def log_message(self, *_):
            """Nothing is worth a line."""

    return Door


if __name__ == "__main__":
    sys.exit(main())
