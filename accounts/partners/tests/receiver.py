"""A receiver of webhooks on this machine, which answers as it is told."""

import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Notes what arrives; `answers` are a status, "reset" or "slow", one a request, then 200."""

    def __init__(self):
        self.answers, self.got, self.lock = [], [], threading.Lock()
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 - http.server's name.
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    receiver.got.append((time.monotonic(), dict(self.headers), body.decode()))
                    answer = receiver.answers.pop(0) if receiver.answers else 200
                if answer == "reset":
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()
                    return
                if answer == "slow":
                    for _ in range(100):  # A header, letter by letter, for ever.
                        try:
                            self.wfile.write(b"H")
                            self.wfile.flush()
                        except OSError:
                            return
                        time.sleep(0.1)
                    return
                self.send_response(answer)
                if answer == 302:
                    self.send_header("Location", receiver.url + "/elsewhere")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
