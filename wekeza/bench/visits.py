"""Many people at a page at once: a web server as `./bank run` starts it, and 100 connections."""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from wekeza.bench.figures import Slice
from wekeza.runtime import env
from wekeza.runtime.servers import free_port

CONNECTIONS = 100
SLICE_SECONDS, ROUNDS = 4, 5
START_SECONDS = 60


@contextmanager
def web_server(*, keeps_pieces: bool):
    """This will start gunicorn with 2 processes of 4 threads and give its port."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "wekeza.bench.web_settings",
        "WEKEZA_PROCESS": "web",
        "DB_POOL": "1",
        "BENCH_FRAGMENT_SECONDS": "900" if keeps_pieces else "0",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=env.ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "wekeza.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
            *("--keep-alive", "30", "--log-level", "warning", "--no-control-socket"),
        ],
        cwd=env.ROOT,
        env=environment,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def visit(port: int, path: str, cookies: list[str], *, seconds: float = SLICE_SECONDS) -> Slice:
    """
    This will read a page over 100 connections that stay open, each as one of the people of
    `cookies`, and give the pages a second and each one's microseconds.
    """
    return asyncio.run(_visit(port, path, cookies, seconds))


async def _visit(port: int, path: str, cookies: list[str], seconds: float) -> Slice:
    latencies: list[int] = []
    failed = 0

    async def one(cookie: str) -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
        said = f"{head}Accept: text/html\r\nCookie: {cookie}\r\n\r\n".encode()
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(said)
            if await _answer(reader) != 200:
                failed += 1
            latencies.append(int((time.perf_counter() - began) * 1e6))
        writer.close()

    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(one(cookies[turn % len(cookies)]) for turn in range(CONNECTIONS)))
    return Slice((len(latencies) - failed) / (time.perf_counter() - began), latencies, failed)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            await reader.readexactly(int(value))
    return int(lines[0].split()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/bench/hello/", timeout=5).close()  # noqa: S310
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
