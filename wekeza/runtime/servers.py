"""The embedded servers of one bank, started where the environment names no others."""

import contextlib
import socket
from collections.abc import Iterator

from wekeza.runtime import env
from wekeza.runtime.devbroker import DevBroker
from wekeza.runtime.devdb import DevPostgres


class Servers:
    """PostgreSQL and Valkey of a data folder; each only if the environment does not name one."""

    def __init__(self):
        folder = env.data_folder()
        self.database = None if env.text("DATABASE_URL") else DevPostgres(folder)
        self.broker = None if env.text("REDIS_URL") else DevBroker(folder)

    def start(self) -> list:
        """This will start what does not run yet and give what it started."""
        wanted = [server for server in (self.database, self.broker) if server is not None]
        started = []
        for server in wanted:
            if not server.running():
                started.append(server)
            server.start()
        return started

    def stop(self) -> None:
        """This will stop both, the database last."""
        for server in (self.broker, self.database):
            if server is not None:
                server.stop()


@contextlib.contextmanager
def running() -> Iterator[None]:
    """This will have the servers run for the length of a block, and leave them as it found them."""
    started = Servers().start()
    try:
        yield
    finally:
        for server in reversed(started):
            server.stop()


def free_port() -> int:
    """This will give a port of this machine that nobody uses now."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return plug.getsockname()[1]
