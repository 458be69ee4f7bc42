"""Small servers that speak the providers' protocols: Twilio's REST API and SMTP."""

import base64
import socketserver
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from wekeza.kit.pretending import Pretender, answering, server_of

ACCOUNT, TOKEN, SENDER = "AC" + "0" * 32, "s3cret", "+254700123456"
REFUSALS = {
    400: {"code": 21211, "message": "The 'To' number is not a valid phone number.", "status": 400},
    401: {"code": 20003, "message": "Authenticate", "status": 401},
    429: {"code": 20429, "message": "Too Many Requests", "status": 429},
    500: {"code": 20500, "message": "Internal Server Error", "status": 500},
    503: {"code": 20503, "message": "Service Unavailable", "status": 503},
}


@dataclass
class Twilio:
    """The simulator's address, the texts it took, and how it is told to answer next."""

    url: str = ""
    texts: list[dict] = field(default_factory=list)
    asked: int = 0
    answers: int | str = 201  # A status, "silence", "garbage" or "cut".
    silence_seconds: float = 0.0


@contextmanager
def twilio():
    """POST /2010-04-01/Accounts/{sid}/Messages.json with Basic auth and To, From, Body."""
    told = Twilio()

    class Handler(Pretender):
        def do_POST(self):  # noqa: N802
            told.asked += 1
            form = {name: values[0] for name, values in parse_qs(self.read().decode()).items()}
            basic = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
            if self.headers.get("Authorization") != basic:
                return self.say(401, REFUSALS[401])
            if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
                return self.say(404, {"code": 20404, "message": "not found", "status": 404})
            if told.answers in REFUSALS and told.answers < 500:
                return self.say(told.answers, REFUSALS[told.answers])
            told.texts.append(form)  # From here on the text is on its way, whatever we answer.
            if told.answers in REFUSALS:
                return self.say(told.answers, REFUSALS[told.answers])
            if told.answers == "silence":
                time.sleep(told.silence_seconds)
                return None
            if told.answers == "cut":
                return self.connection.close()
            if told.answers == "garbage":
                return self.write(201, b"<html>proxy</html>")
            sid = f"SM{len(told.texts):032}"
            return self.say(201, {"sid": sid, "status": "queued", "error_code": None} | form)

    with answering(server_of(Handler)) as told.url:
        yield told


@dataclass
class MailServer:
    """The simulator's address, the letters it took, and what it says at each step."""

    address: str = ""
    letters: list[str] = field(default_factory=list)
    says: dict = field(default_factory=dict)


@contextmanager
def mail_server():
    """A plain SMTP server: EHLO, MAIL, RCPT, DATA, QUIT; `says` answers a command its own way."""
    told = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 mail.example ready")
            while line := self.rfile.readline():
                verb = line.split()[0].decode().upper() if line.split() else ""
                answer = told.says.get(verb)
                if answer == "cut":
                    return
                if answer:
                    self.say(answer)
                elif verb == "DATA":
                    self.say("354 go on")
                    letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                    told.letters.append(letter.decode())
                    if told.says.get("END") == "cut":
                        return
                    self.say(told.says.get("END", "250 taken"))
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def say(self, text):
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

        def handle_error(self, *args):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    told.address = f"smtp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
