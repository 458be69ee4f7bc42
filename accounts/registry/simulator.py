"""
A stand-in for the national register and a phone network that speaks their protocols over HTTP: the
register's `getDataByIdCard` and CAMARA's KYC Match. It runs beside the demo bank and in tests, on
the loopback address only. The people it knows are invented; data/register.csv lists them.
"""

import csv
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

from rapidfuzz import fuzz

from wekeza.kit.pretending import LOOPBACK, Pretender, answering, server_of

PEOPLE = Path(__file__).parent / "data" / "register.csv"
UNAVAILABLE = {"status": 503, "code": "UNAVAILABLE", "message": "Later."}


@dataclass
class Register:
    """Who is on record, what was asked, and how the next questions are answered."""

    token: str
    people: list[dict] = field(default_factory=list)
    asked: list[dict] = field(default_factory=list)
    behaviour: str = ""
    silence_seconds: float = 0.0
    url: str = ""

    @classmethod
    def of_demo(cls, token: str) -> "Register":
        """This will make a register that knows the demo bank's people."""
        with PEOPLE.open(newline="", encoding="utf-8") as file:
            return cls(token, list(csv.DictReader(file)))

    def person(self, **wanted) -> dict | None:
        """This will find somebody by one column."""
        ((column, value),) = wanted.items()
        return next((row for row in self.people if row.get(column) == value), None)


def serve(register: Register, *, port: int = 0) -> ThreadingHTTPServer:
    """This will make the server on a port of the loopback address, any free one for 0."""
    server = server_of(type("Handler", (_Handler,), {"register": register}), port=port)
    register.url = f"http://{LOOPBACK}:{server.server_port}"
    return server


@contextmanager
def running(register: Register):
    """This will answer in a thread of this process for the length of a block."""
    with answering(serve(register)):
        yield register


class _Handler(Pretender):
    register: Register

    def do_POST(self):  # noqa: N802 - the name that http.server asks for
        try:
            body = json.loads(self.read())
        except ValueError:
            body = None
        if self.headers.get("Authorization") != f"Bearer {self.register.token}":
            return self.say(401, {"status": 401, "code": "UNAUTHENTICATED", "message": "No."})
        doors = {
            "/iprs/v1/getDataByIdCard": self._by_id_card,
            "/kyc-match/v0.3/match": self._match,
        }
        door = doors.get(self.path)
        if door is None or not isinstance(body, dict):
            return self.say(400, {"status": 400, "code": "INVALID_ARGUMENT", "message": "What?"})
        self.register.asked.append({"path": self.path, "headers": dict(self.headers)} | body)
        return door(body)

    def _by_id_card(self, body):
        person = self.register.person(id_number=body.get("id_number"))
        if self._misbehaves(person):
            return None
        if person is None:
            return self.say(404, {"status": "error", "statusCode": 404, "message": "No record"})
        names = ("id_number", "first_name", "other_name", "surname", "gender", "date_of_birth")
        data = {name: person[name] or None for name in names}
        data |= {"date_of_death": person["date_of_death"] or None, "citizenship": "Kenyan"}
        return self.say(200, {"status": "ok", "statusCode": 200, "data": data})

    def _match(self, body):
        person = self.register.person(phone=body.get("phoneNumber"))
        if self._misbehaves(person):
            return None
        if person is None:
            code = {"status": 404, "code": "IDENTIFIER_NOT_FOUND", "message": "No such phone."}
            return self.say(404, code)
        owner = person["phone_owner"]
        said = {
            "idDocumentMatch": _word(body.get("idDocument") == person["id_number"]),
            "birthdateMatch": _word(body.get("birthdate") == person["date_of_birth"]),
        }
        for name in ("name", "givenName", "familyName"):
            told = str(body.get(name, ""))
            whole = set(told.upper().split()) <= set(owner.upper().split())
            said[f"{name}Match"] = _word(whole)
            if not whole:
                score = fuzz.token_sort_ratio(told.upper(), owner.upper())
                said[f"{name}MatchScore"] = min(int(score), 99)
        return self.say(200, said)

    def _misbehaves(self, person) -> bool:
        how = self.register.behaviour or (person or {}).get("behaviour", "")
        return self.misbehave(how, seconds=self.register.silence_seconds, down=UNAVAILABLE)


def _word(is_true: bool) -> str:
    return "true" if is_true else "false"
