"""A bank for `./bank drill crash`: database, cache, web, worker, beat; and how each is killed."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from wekeza.bench.server import BenchServer
from wekeza.runtime import env
from wekeza.runtime.devbroker import DevBroker
from wekeza.runtime.servers import free_port

PATIENCE_SECONDS = 60
_BACKENDS = """
SELECT pid, xact_start IS NOT NULL AS is_busy FROM pg_stat_activity
 WHERE usename = 'wekeza_app' ORDER BY is_busy DESC, random()"""


class Bank:
    """Web (gunicorn, two processes of four threads), a Celery worker, and beat, on one server."""

    def __init__(self, server: BenchServer, folder: Path):
        self.server, self.folder = server, folder
        self.broker = DevBroker(folder)
        self.port = free_port()
        celery = [sys.executable, "-m", "celery", "-A", "wekeza.celery"]
        self.commands = {
            "web": [
                *(sys.executable, "-m", "gunicorn", "wekeza.wsgi", "--preload"),
                *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
                *("--workers", "2", "--threads", "4", "--no-control-socket"),
            ],
            "worker": [*celery, "worker", "--concurrency", "2", "--without-gossip"],
            "beat": [*celery, "beat", "--pidfile", "", "-s", str(folder / "beat")],
        }
        self.running: dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        """This will open the bank and wait until its web server answers."""
        # A demo bank has an inbox of its own for the texts that its customers get.
        self.server.say("UPDATE ledger_bankfact SET is_demo = true", database=env.DATABASE)
        self.broker.start()
        for name in self.commands:
            self._start(name)
        self._wait_for_web()

    def stop(self) -> None:
        """This will close what runs, and end it where it does not close."""
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.broker.stop()

    def kill(self, kind: str, dice: random.Random) -> bool:
        """This will kill one of a kind, bring it back, and tell whether a deed was under way."""
        found = self.server.say(_BACKENDS)
        was_busy = any(is_busy for _, is_busy in found)
        if kind in self.running:
            os.killpg(self.running[kind].pid, signal.SIGKILL)
            self.running[kind].wait()
            self._start(kind)
            if kind == "web":
                self._wait_for_web()
        elif kind == "backend":
            if found:
                os.kill(found[0][0], signal.SIGKILL)
            self._wait_for_database()  # The server takes itself down and recovers.
        else:
            self.server.postgres.stop("immediate")
            time.sleep(dice.random())
            self.server.postgres.start()
        return was_busy

    def _start(self, name: str) -> None:
        environment = self.server.environment() | {
            "DJANGO_SETTINGS_MODULE": "wekeza.drills.settings",
            "REDIS_URL": self.broker.url,
            "SITE_URL": f"http://localhost:{self.port}",
            "WEKEZA_PROCESS": name,
            "WEKEZA_DEMO": "1",
            "DB_POOL": "1" if name == "web" else "",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=env.ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_for_web(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://localhost:{self.port}/", timeout=5).close()  # noqa: S310
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError(f"the web server did not come: {self.folder / 'web.log'}")

    def _wait_for_database(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            time.sleep(0.1)
            with contextlib.suppress(psycopg.OperationalError):
                self.server.say("SELECT 1")
                return
        raise RuntimeError("the database did not come back")
