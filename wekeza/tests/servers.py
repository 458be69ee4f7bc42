"""Real servers for tests: the bank under gunicorn, a Valkey, a worker."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from wekeza.runtime import env
from wekeza.runtime.devbroker import DevBroker
from wekeza.runtime.servers import free_port

START_SECONDS = 120  # A busy machine starts slowly.


@pytest.fixture(scope="session")
def valkey(tmp_path_factory):
    """A Valkey of this test process alone."""
    broker = DevBroker(tmp_path_factory.mktemp("valkey")).start()
    yield broker
    broker.stop()


@dataclass
class LiveBank:
    """A running bank: its address, its log, and how to end it before its time."""

    url: str
    log: Path
    process: subprocess.Popen
    environment: dict

    def stop(self) -> None:
        """This will end the bank and wait for it."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@pytest.fixture(scope="session")
def bank_environment(bank_database, valkey, test_cluster):
    """The environment of a process that works in this process's test database."""
    from django.conf import settings

    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "wekeza.settings_test",
        "DATABASE_URL": bank_database["app"],
        "DATABASE_OWNER_URL": bank_database["owner"],
        "REDIS_URL": valkey.url,
        "WEKEZA_TEST_SERVER": "1",
        "BANK_DATA": str(settings.BANK_DATA),
        "PYTHONUNBUFFERED": "1",
    }


def start_bank(environment: dict, folder: Path, *, port: int = 0, **more: str) -> LiveBank:
    """This will start gunicorn and wait until it answers; `more` adds to its environment."""
    port = port or free_port()
    url = f"http://localhost:{port}"
    environment = environment | {"PORT": str(port), "SITE_URL": url, "WEKEZA_PROCESS": "web"}
    environment |= more
    log = folder / "web.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "wekeza.wsgi", "--bind", f"127.0.0.1:{port}"),
                *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
                *("--worker-tmp-dir", str(folder), "--log-level", "warning"),
            ],
            cwd=env.ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
    bank = LiveBank(url, log, process, environment)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if is_answering(f"{url}/"):
            return bank
        time.sleep(0.05)
    bank.stop()
    raise RuntimeError(f"the bank did not start:\n{log.read_text()[-3000:]}")


def is_answering(url: str) -> bool:
    """This will say whether a web server answers at an address, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@pytest.fixture(scope="session")
def live_bank_server(bank_environment, tmp_path_factory):
    bank = start_bank(bank_environment, tmp_path_factory.mktemp("live_bank"))
    yield bank
    bank.stop()


@pytest.fixture
def live_bank(live_bank_server, valkey, transactional_db):
    """
    The bank under gunicorn, as the application role, in this process's test database.

    What a test commits, it sees; its cache, and so its rate limits, start empty.
    """
    import redis

    with redis.Redis(unix_socket_path=str(valkey.socket), db=1) as cache:
        cache.flushdb()
    return live_bank_server


@dataclass
class Queue:
    """A real worker and its broker: its log, and a way to ask it for something."""

    log: Path
    broker_url: str

    def ask(self, task: str, **arguments) -> None:
        """This will put a task on the real queue, whatever the settings of the tests say."""
        from celery import Celery

        with Celery(broker=self.broker_url, set_as_current=False) as app:
            app.send_task(task, kwargs=arguments)

    def wait_for(self, words: str, seconds: float = START_SECONDS) -> None:
        """This will wait until the worker's log says something."""
        until = time.monotonic() + seconds
        while words not in self.log.read_text():
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            time.sleep(0.05)


@pytest.fixture
def celery_worker(bank_environment, valkey, tmp_path):
    """A real worker on a real Valkey, in this process's test database: a Queue."""
    log = tmp_path / "worker.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "wekeza.celery", "worker"),
                *("--loglevel", "info", "--concurrency", "1"),
                *("--without-gossip", "--without-mingle"),
            ],
            cwd=env.ROOT,
            env=bank_environment | {"WEKEZA_TEST_BROKER": "1"},
            stdout=out,
            stderr=out,
        )
    queue = Queue(log, env.redis_urls(valkey.url)[0])
    queue.wait_for("ready.")
    yield queue
    process.terminate()
    process.wait(15)


class Passage:
    """A Unix socket that leads to another one, until it is shut: a server that can be lost."""

    def __init__(self, path: Path, target: str):
        self.path, self.target = path, target
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None

    def open(self) -> "Passage":
        """This will let connections through."""
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()
        return self

    def shut(self) -> None:
        """This will cut every connection and take no more."""
        self.path.unlink(missing_ok=True)
        for plug in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)
            plug.close()
        self._open = []

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=[one, other], daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def bureau(settings):
    """A credit bureau that has no files yet, over HTTP on this machine, which the bank asks."""
    from lending.bureau import simulator

    settings.METROPOL_PUBLIC_KEY, settings.METROPOL_PRIVATE_KEY = "public", "private"
    with simulator.running(simulator.Bureau("public", "private")) as told:
        settings.METROPOL_URL = told.url
        yield told
