"""A network that fails at the worst moment."""

import os
import socket
from contextlib import contextmanager
from select import select
from threading import Thread

from django.db import connection

READY = b"Z\0\0\0\5I"  # The server's last words after a statement outside of a transaction.


@contextmanager
def answer_lost(*, is_done: bool):
    """The line is cut at the statement that pays: the server did it, or never heard of it."""
    connection.ensure_connection()
    line = connection.connection.pgconn.socket
    server = socket.socket(fileno=os.dup(line))
    server.setblocking(True)
    near, far = socket.socketpair()
    os.dup2(near.fileno(), line)
    near.close()
    carrier = Thread(target=_carry, args=(far, server, is_done))
    carrier.start()
    yield
    connection.close()
    carrier.join(timeout=10)


def _carry(far: socket.socket, server: socket.socket, is_done: bool) -> None:
    with far, server:
        while True:
            readable, _, _ = select([far, server], [], [], 10)
            for end in readable:
                heard = end.recv(65536)
                if not heard:
                    return
                if end is far and heard.startswith(b"B") and b"wekeza_settle" in heard:
                    if is_done:
                        server.sendall(heard)
                        _read_until_ready(server)
                    return
                (server if end is far else far).sendall(heard)


def _read_until_ready(server: socket.socket) -> None:
    answer = b""
    while not answer.endswith(READY):
        answer += server.recv(65536)
