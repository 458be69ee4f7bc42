"""A client of `./bank drill crash`: it asks for transfers over HTTP and writes down everything."""

import http.client
import json
import os
import random
import threading
import time
import uuid
from pathlib import Path

BACK_OFF = 0.5  # Seconds.
PATIENCE = 90  # Seconds of asking before a key counts as unknown for ever: a quota lasts a minute.
# Nobody knows by these whether it was done: it is asked again by its key.
CIRCLE = 30  # Whom somebody pays: who looks up 40 numbers in ten minutes is made to wait.
UNKNOWN = {401, 408, 429, 500, 502, 503, 504}


class Client:
    """
    Somebody outside the bank, with a history of their own, synced to the disk before and after each
    ask: `invoke`, then `ok`, `fail` or `info` (nobody heard the outcome).
    """

    def __init__(self, number: int, port: int, folder: Path, who: dict, share: int, seed: int):
        self.port, self.share, self.done = port, share, 0
        self.people, self.password, self.pin = who["people"], who["password"], who["pin"]
        self.dice = random.Random(seed * 1000 + number)  # noqa: S311 - a drill.
        self.history = folder / f"{number}.jsonl"
        self.tokens: dict[str, str] = {}
        self.line: http.client.HTTPConnection | None = None
        self.thread = threading.Thread(target=self._ask_all)

    def repeat(self) -> int:
        """This will ask again, by its key, whatever nobody heard the outcome of."""
        story = read(self.history)
        final = outcomes(story)
        unknown = [line for line in story if line["t"] == "invoke" and final[line["key"]] == "info"]
        for line in unknown:
            asked = {name: line[name] for name in ("key", "from", "to", "amount")}
            until = time.monotonic() + PATIENCE
            while self._ask(asked) == "info" and time.monotonic() < until:
                time.sleep(BACK_OFF)
        return len(unknown)

    def _ask_all(self) -> None:
        numbers = list(self.people)
        while self.done < self.share:
            place = self.dice.randrange(len(numbers))
            payer = numbers[place]
            payee = numbers[(place + self.dice.randint(1, CIRCLE)) % len(numbers)]
            key = uuid.UUID(int=self.dice.getrandbits(128), version=4).hex
            amount = f"{self.dice.randint(1, 900)}.{self.dice.randint(0, 99):02}"
            asked = {"key": key, "from": payer, "to": payee, "amount": amount}
            self._note(t="invoke", **asked)
            if self._ask(asked) == "info":
                time.sleep(BACK_OFF)  # As anybody would; or a second's outage would use all up.
            self.done += 1

    def _ask(self, asked: dict) -> str:
        try:
            answer = self._transfer(asked)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.line = None
            answer = {"t": "info", "why": type(error).__name__}
        self._note(key=asked["key"], **answer)
        return answer["t"]

    def _transfer(self, asked: dict) -> dict:
        """Draft, then authorise with the PIN; both may be asked again."""
        wish = {
            "recipient": asked["to"],
            "money": {"amount": asked["amount"], "currency": "KES"},
            "reason": asked["key"],
        }
        payer = asked["from"]
        status, held = self._post("/api/v1/payments/transfers/", wish, payer, key=asked["key"])
        if status not in (201, 202):
            return self._refused(status, held, payer)
        path = f"/api/v1/payments/transfers/{held['id']}/authorise"
        status, sent = self._post(path, {"secret": self.pin}, payer)
        if status != 200:
            return self._refused(status, sent, payer)
        return {"t": "ok", "receipt": sent["receipt_no"]}

    def _refused(self, status: int, body: dict, payer: str) -> dict:
        code = body.get("error_code", "")
        if status == 401:
            self.tokens.pop(payer, None)
        if status in UNKNOWN or code == "REQUEST_IN_FLIGHT":
            return {"t": "info", "why": f"{status} {code}"}
        return {"t": "fail", "code": code}

    def _post(self, path: str, body: dict, payer: str, *, key: str = "") -> tuple[int, dict]:
        if payer not in self.tokens:
            who = {"username": self.people[payer], "password": self.password}
            _, said = self._send("/api/v1/auth/login", who, {})
            self.tokens[payer] = said.get("access_token", "")
        headers = {"Authorization": f"Bearer {self.tokens[payer]}"}
        return self._send(path, body, headers | ({"Idempotency-Key": key} if key else {}))

    def _send(self, path: str, body: dict, headers: dict) -> tuple[int, dict]:
        if self.line is None:
            self.line = http.client.HTTPConnection("localhost", self.port, timeout=30)
        self.line.request(
            "POST", path, json.dumps(body), headers | {"Content-Type": "application/json"}
        )
        answer = self.line.getresponse()
        return answer.status, json.loads(answer.read())

    def _note(self, **facts) -> None:
        with self.history.open("ab", buffering=0) as file:
            file.write(json.dumps(facts).encode() + b"\n")
            os.fsync(file.fileno())


def read(history: Path) -> list[dict]:
    """This will read a history; a last line that was cut off never happened."""
    lines = history.read_text().splitlines(keepends=True) if history.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def outcomes(story: list[dict]) -> dict[str, str]:
    """This will give the last that was heard of each key: ok, fail or info."""
    final = {}
    for line in story:
        final[line["key"]] = "info" if line["t"] == "invoke" else line["t"]
    return final
