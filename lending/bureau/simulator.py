"""
A stand-in for the bureau that speaks its protocol over HTTP and checks every signature. It runs in
tests and beside the demo bank, on the loopback address only; its people are invented. Whoever is
not on its list has no file, as a newcomer to credit has none.
"""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

LOOPBACK = "127.0.0.1"
BODY_BYTES_MOST = 16 * 1024
DOWN, SILENT, GARBLED, CUT = "down", "silent", "garbled", "cut"
KEY, MOMENT, MARK = (
    f"X-METROPOL-REST-API-{name}" for name in ("KEY", "TIMESTAMP", "HASH")
)  # fmt: skip


@dataclass
class Bureau:
    """Whose files there are (national ID -> file_of), what was asked, and how it answers now."""

    public_key: str
    private_key: str
    files: dict[str, dict] = field(default_factory=dict)
    asked: list[dict] = field(default_factory=list)
    behaviour: str = ""
    silence_seconds: float = 0.0
    url: str = ""


def file_of(
    *, good: int = 0, open_npl: int = 0, settled: int = 0, settled_on: str = "", enquiries: int = 0
) -> dict:
    """This will make a file: so many accounts in good order, in default, and once in default."""
    sector = {
        "account_npa": open_npl,
        "account_performing": good,
        "account_performing_npa_history": settled,
    }
    none = {"account_npa": 0, "account_performing": 0, "account_performing_npa_history": 0}
    accounts = [_account("002", 0, "2026-10-30")] * good + [_account("004", 120, "")] * open_npl
    accounts += [_account("005", 0, settled_on)] * settled
    return {
        "account_info": accounts,
        "lender_sector": {"sector_bank": sector, "sector_other": none},
        "no_of_enquiries": {"last_3_months": enquiries, "last_6_months": enquiries,
                            "last_12_months": enquiries},
    }  # fmt: skip


def _account(code: str, days: int, paid_on: str) -> dict:
    return {
        "account_number": f"DM_{uuid4().int % 10**12}",
        "current_balance": "0.00000",
        "days_in_arrears": days,
        "delinquency_code": code,
        "last_payment_date": paid_on or "None",
        "original_amount": "10000.00000",
    }


@contextmanager
def running(bureau: Bureau):
    """This will answer in a thread of this process for the length of a block."""
    handler = type("Handler", (_Handler,), {"bureau": bureau})
    server = ThreadingHTTPServer((LOOPBACK, 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # Whoever hangs up early is no fault of ours.
    bureau.url = f"http://{LOOPBACK}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield bureau
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    bureau: Bureau

    def do_POST(self):  # noqa: N802 - the name that http.server asks for
        length = min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MOST)
        sent = self.rfile.read(length).decode("utf-8", "replace")
        if self._misbehaves():
            return None
        if (refusal := self._refusal(sent)) is not None:
            return self._say(200, _error(*refusal))
        body = json.loads(sent)
        self.bureau.asked.append(body)
        file = self.bureau.files.get(str(body.get("identity_number")))
        if file is None:
            return self._say(200, _error("E017", "Identity not found"))
        about = {name: body[name] for name in ("identity_number", "identity_type")}
        return self._say(200, _ANSWERED | about | {"trx_id": str(uuid4())} | file)

    def _refusal(self, sent: str) -> tuple[str, str] | None:
        said = self.headers
        if self.path != "/v2_1/report/credit_info":
            return "E029", "Unauthorized report"
        if said.get(KEY) != self.bureau.public_key:
            return "E002", "Invalid API key"
        whole = f"{self.bureau.private_key}{sent}{said.get(KEY)}{said.get(MOMENT)}"
        if said.get(MARK) != sha256(whole.encode()).hexdigest():
            return "E027", "Hash mismatch"
        return None

    def _misbehaves(self) -> bool:
        how = self.bureau.behaviour
        if how == DOWN:
            self._say(503, _error("E001", "Service unavailable"))
        elif how == SILENT:
            time.sleep(self.bureau.silence_seconds)
        elif how == GARBLED:
            self._write(200, b"<html>a proxy speaks</html>")
        elif how == CUT:
            self.connection.close()
        return bool(how)

    def _say(self, status, body):
        self._write(status, json.dumps(body).encode())

    def _write(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet: what was asked stands in `asked`."""


_ANSWERED = {"api_code": None, "api_code_description": None, "has_error": False, "has_fraud": False}


def _error(code: str, words: str) -> dict:
    return {"api_code": code, "api_code_description": words, "has_error": True}
