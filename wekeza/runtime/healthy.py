"""
Whether a process of the bank does its work: exit 0 or 1, for Docker and other supervisors.

    python -m wekeza.runtime.healthy web|worker|beat|doors
"""

import http.client
import socket
import sys
import time
from urllib.parse import urlsplit

from wekeza.runtime import env

BEAT_WRITES_WITHIN_SECONDS = 10 * 60


def main() -> int:
    asked = {"web": web, "worker": worker, "beat": beat, "doors": doors}
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in asked:
        print(f"Which? {', '.join(asked)}", file=sys.stderr)
        return 2
    fault = asked[name]()
    print(fault or "healthy")
    return 1 if fault else 0


def web() -> str:
    """This will say what is wrong with the web server of this machine, or ""."""
    site = urlsplit(env.text("SITE_URL", "http://localhost"))
    port = env.number("PORT", env.number("LOCAL_PORT", 8000))
    headers = {"Host": site.hostname or "localhost", "X-Forwarded-Proto": site.scheme}
    return _asked("/login/", port, headers)


def doors() -> str:
    """This will say what is wrong with the doors of the old ports, or ""."""
    from wekeza.runtime.doors import DOORS

    return next(filter(None, (_asked("/", port, {}) for port in DOORS)), "")


def worker() -> str:
    """This will say whether the worker of this machine does not answer over the queue."""
    from celery import Celery

    name = f"celery@{socket.gethostname()}"
    with Celery(broker=env.redis_urls(env.text("REDIS_URL"))[0], set_as_current=False) as queue:
        answers = queue.control.ping(destination=[name], timeout=5)
    return "" if answers else f"{name} does not answer"


def beat() -> str:
    """This will say whether the clock has written nothing down for ten minutes."""
    found = list(env.data_folder().glob("beat*"))
    if not found:
        return "the clock has not begun"
    age = time.time() - max(path.stat().st_mtime for path in found)
    return f"the clock stands for {age:.0f} s" if age > BEAT_WRITES_WITHIN_SECONDS else ""


def _asked(path: str, port: int, headers: dict[str, str]) -> str:
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        there.request("GET", path, headers=headers)
        status = there.getresponse().status
    except OSError as error:
        return f"port {port}: {error}"
    finally:
        there.close()
    return f"port {port} answers {status}" if status >= 400 else ""


if __name__ == "__main__":
    sys.exit(main())
