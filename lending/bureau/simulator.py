"""
A stand-in for the bureau that speaks its protocol over HTTP and checks every signature. It runs in
tests and beside the demo bank, on the loopback address only; its people are invented, and
data/demo_files.csv lists them. Whoever is not on its list has no file, as a newcomer to credit.
"""

import csv
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

from wekeza.kit.pretending import LOOPBACK, Pretender, answering, server_of

FILES = Path(__file__).parent / "data" / "demo_files.csv"
KEY, MOMENT, MARK = (
    f"X-METROPOL-REST-API-{name}" for name in ("KEY", "TIMESTAMP", "HASH")
)  # fmt: skip


@dataclass
class Bureau:
    """
    Whose files there are (national ID or registration number -> file_of), what was asked, and how
    it answers now.
    """

    public_key: str
    private_key: str
    files: dict[str, dict] = field(default_factory=dict)
    asked: list[dict] = field(default_factory=list)
    behaviour: str = ""
    silence_seconds: float = 0.0
    url: str = ""

    @classmethod
    def of_demo(cls, public_key: str, private_key: str) -> "Bureau":
        """This will make a bureau that has files of some of the demo bank's people."""
        with FILES.open(newline="", encoding="utf-8") as text:
            files = {row.pop("number"): _file_of_row(row) for row in csv.DictReader(text)}
        return cls(public_key, private_key, files)


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


def _file_of_row(row: dict[str, str]) -> dict:
    settled_on = row.pop("settled_on")
    return file_of(**{name: int(count) for name, count in row.items()}, settled_on=settled_on)


def _account(code: str, days: int, paid_on: str) -> dict:
    return {
        "account_number": f"DM_{uuid4().int % 10**12}",
        "current_balance": "0.00000",
        "days_in_arrears": days,
        "delinquency_code": code,
        "last_payment_date": paid_on or "None",
        "original_amount": "10000.00000",
    }


def serve(bureau: Bureau, *, port: int = 0) -> ThreadingHTTPServer:
    """This will make the server on a port of the loopback address, any free one for 0."""
    server = server_of(type("Handler", (_Handler,), {"bureau": bureau}), port=port)
    bureau.url = f"http://{LOOPBACK}:{server.server_port}"
    return server


@contextmanager
def running(bureau: Bureau):
    """This will answer in a thread of this process for the length of a block."""
    with answering(serve(bureau)):
        yield bureau


class _Handler(Pretender):
    bureau: Bureau

    def do_POST(self):  # noqa: N802 - the name that http.server asks for
        sent = self.read().decode("utf-8", "replace")
        told = self.bureau
        if self.misbehave(told.behaviour, seconds=told.silence_seconds, down=UNAVAILABLE):
            return None
        if (refusal := self._refusal(sent)) is not None:
            return self.say(200, _error(*refusal))
        body = json.loads(sent)
        self.bureau.asked.append(body)
        file = self.bureau.files.get(str(body.get("identity_number")))
        if file is None:
            return self.say(200, _error("E017", "Identity not found"))
        about = {name: body[name] for name in ("identity_number", "identity_type")}
        return self.say(200, _ANSWERED | about | {"trx_id": str(uuid4())} | file)

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


_ANSWERED = {"api_code": None, "api_code_description": None, "has_error": False, "has_fraud": False}


def _error(code: str, words: str) -> dict:
    return {"api_code": code, "api_code_description": words, "has_error": True}


UNAVAILABLE = _error("E001", "Service unavailable")
